"""The options of a function on the command line, for all functions or for one of several.

Which there are, what they mean and their defaults is written in FunctionConfig. Here they get
their form: an option that is on or off is a flag, the others read a value.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from types import MappingProxyType
from typing import Any, NamedTuple

from lambda_ric.cli.argument_types import (
    WrongValue,
    count,
    function_name,
    seconds,
)
from lambda_ric.cli.function_argument_types import destination, event_age, memory, retry_attempts
from lambda_ric.cli.parser import UsageError
from lambda_ric.cli.wording import meant
from lambda_ric.emulator import FunctionConfig

_READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "name": (function_name, "NAME"),
    "timeout": (seconds, "S"),
    "memory": (memory, "MB"),
    "concurrency": (count, "N"),
    "maximum_retry_attempts": (retry_attempts, "N"),
    "maximum_event_age": (event_age, "S"),
    "on_success": (destination, "DESTINATION"),
    "on_failure": (destination, "DESTINATION"),
}
"""How the value of an option is read, and what the help calls it."""

_OPTIONS: dict[str, Field[Any]] = {
    option.metadata["flag"] or option.name.replace("_", "-"): option
    for option in fields(FunctionConfig)
    if "meaning" in option.metadata
}

_ENV_FILE = "env-file"


class NamedFunction(NamedTuple):
    """What `--function` names: a handler, and the options that are for it alone."""

    name: str
    handler: str
    options: Mapping[str, Any] = MappingProxyType({})
    env_files: tuple[str, ...] = ()


def add_function_options(group: argparse._ArgumentGroup) -> None:
    """Declare the options for all functions; those that are not given are None."""
    for word, option in _OPTIONS.items():
        if option.metadata["flag"]:
            group.add_argument(
                f"--{word}",
                dest=option.name,
                action="store_const",
                const=not option.default,
                help=option.metadata["meaning"],
            )
        else:
            read, metavar = _READERS[option.name]
            group.add_argument(f"--{word}", type=read, metavar=metavar, help=_help(option))


def named_function(text: str) -> NamedFunction:
    """Read `NAME=MODULE.HANDLER`, with `,OPTION=VALUE` or `,FLAG` for each of its own options."""
    target, *words = text.split(",")
    name, _, handler = target.partition("=")
    if not handler:
        raise WrongValue(f"{text!r} is not NAME=MODULE.HANDLER, such as orders=app.handler")
    options: dict[str, Any] = {}
    env_files = []
    for word in words:
        key, equals, value = word.partition("=")
        if key == _ENV_FILE and value:
            env_files.append(value)
        else:
            options.update([_own_option(key, value if equals else None)])
    return NamedFunction(function_name(name), handler, options, tuple(env_files))


def chosen_options(
    own: Mapping[str, Any], options: argparse.Namespace, variables: Mapping[str, str]
) -> dict[str, Any]:
    """Return the options of a function that are not left to their defaults.

    Its own come before those for all, and these before the variables of AWS's emulator. Raises
    UsageError for a variable that is not the number it must be.
    """
    chosen: dict[str, Any] = {}
    for option in _OPTIONS.values():
        value = own.get(option.name, getattr(options, option.name))
        if value is None:
            value = _from_variable(option, variables)
        if value is not None:
            chosen[option.name] = value
    return chosen


def _own_option(key: str, value: str | None) -> tuple[str, Any]:
    option = _OPTIONS.get(key)
    if option is None or option.name == "name":
        known = [word for word in (*_OPTIONS, _ENV_FILE) if word != "name"]
        hint = meant(key, known) or f"; there are {', '.join(known)}"
        raise WrongValue(f"{key!r} is not an option of a function{hint}")
    if option.metadata["flag"]:
        if value is not None:
            raise WrongValue(f"{key} takes no value")
        return option.name, not option.default
    if value is None:
        raise WrongValue(f"{key} takes a value: {key}={_READERS[option.name][1]}")
    return option.name, _READERS[option.name][0](value)


def _from_variable(option: Field[Any], variables: Mapping[str, str]) -> Any:
    name = option.metadata["variable"]
    text = variables.get(name) if name else None
    if not text or isinstance(option.default, str):
        return text or None
    try:
        return count(text)
    except WrongValue:
        raise UsageError(f"{name} is {text!r}, but must be a whole number above 0") from None


def _help(option: Field[Any]) -> str:
    if option.default == "":
        return str(option.metadata["meaning"])
    default = f"{option.default:g}" if isinstance(option.default, float) else option.default
    variable = option.metadata["variable"]
    source = f"${variable}, else {default}" if variable else default
    return f"{option.metadata['meaning']} (default: {source})"
