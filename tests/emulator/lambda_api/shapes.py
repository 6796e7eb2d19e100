"""Compares responses with the service model of the AWS SDKs, which botocore does not do."""

from __future__ import annotations

from typing import Any

from botocore.model import Shape

_PYTHON_TYPES = {
    "string": str,
    "integer": int,
    "long": int,
    "boolean": bool,
    "timestamp": int | float,
    "double": int | float,
}


def problems(value: Any, shape: Shape, path: str = "") -> list[str]:
    """Return what is wrong with a JSON value that is to have a shape."""
    if shape.type_name == "structure":
        return _structure(value, shape, path)
    if shape.type_name == "list":
        if not isinstance(value, list):
            return [f"{path} is no list"]
        return [
            problem
            for number, item in enumerate(value)
            for problem in problems(item, shape.member, f"{path}[{number}]")
        ]
    if shape.type_name == "map":
        if not isinstance(value, dict):
            return [f"{path} is no map"]
        return [
            problem
            for key, item in value.items()
            for problem in problems(item, shape.value, f"{path}.{key}")
        ]
    if not isinstance(value, _PYTHON_TYPES[shape.type_name]):
        return [f"{path} is {value!r}, not a {shape.type_name}"]
    choices = getattr(shape, "enum", None)
    return (
        [f"{path} is {value!r}, not one of {choices}"] if choices and value not in choices else []
    )


def _structure(value: Any, shape: Shape, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path} is no structure"]
    found = [f"{path}.{name} is missing" for name in shape.required_members if name not in value]
    for name, member in value.items():
        if name not in shape.members:
            found.append(f"{path}.{name} is unknown")
        else:
            found += problems(member, shape.members[name], f"{path}.{name}")
    return found
