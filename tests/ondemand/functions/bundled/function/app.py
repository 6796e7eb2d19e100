"""Tells what its modules look like."""

from __future__ import annotations

import colorsys
import dataclasses
import importlib
import importlib.resources
import inspect
import logging
import os
import pkgutil
import re
import sys
from typing import Any

import beside  # type: ignore[import-not-found]
import installed  # type: ignore[import-not-found]
import own  # type: ignore[import-not-found]
import package.part  # type: ignore[import-not-found]
import space.inside  # type: ignore[import-not-found]  # noqa: F401

if os.environ.get("FAIL"):
    package.part.fail(1)

WORD = re.compile(r"(?P<letters>[^\W\d_]+)-([0-9]+)", re.IGNORECASE)


def compilers() -> set[str]:
    """Return the modules with what compiles regular expressions and generated source."""
    name = "re._compiler" if sys.version_info >= (3, 11) else "sre_compile"
    return {sys.modules[name].compile.__module__, getattr(dataclasses, "exec", exec).__module__}


@dataclasses.dataclass
class Point:
    """A class for which Python generates source."""

    x: int
    y: int = 3


COMPILERS_OF_IMPORTS = compilers()

MODULES = ("app", "own", "package", "package.part", "installed", "space", "space.inside")


def facts(name: str) -> dict[str, Any]:
    module = sys.modules[name]
    spec: Any = module.__spec__
    return {
        "file": module.__file__,
        "cached": getattr(module, "__cached__", None),
        "package": module.__package__,
        "path": list(getattr(module, "__path__", [])),
        "origin": spec.origin,
        "spec": [spec.name, spec.cached, spec.has_location, spec.parent],
        "folders": list(spec.submodule_search_locations or []),
        "loader": type(spec.loader).__name__,
        "same loader": module.__loader__ is spec.loader,
    }


def extensions() -> dict[str, Any]:
    """Return the extension modules, which a bundle knows the place of."""
    kinds = {
        name: type(getattr(module.__spec__, "loader", None)).__name__
        for name, module in list(sys.modules.items())
        if hasattr(module, "__spec__")
    }
    names = sorted(name for name, kind in kinds.items() if kind == "ExtensionFileLoader")
    return {
        name: [sys.modules[name].__file__, getattr(sys.modules[name].__spec__, "origin", None)]
        for name in names
    }


def handler(event: str, context: object) -> Any:
    if event == "facts":
        return {
            "facts": {name: facts(name) for name in (*MODULES, "colorsys", "logging")},
            "extensions": extensions(),
            "resource": (importlib.resources.files(package) / "text.txt").read_text(),
            "data": str(pkgutil.get_data("package", "text.txt")),
            "source": inspect.getsource(package.part.fail),
            "expression": [repr(WORD), dict(WORD.groupindex), WORD.findall("a-1 é-22 _-3")],
            "generated": [repr(Point(1)), Point(1) == Point(1), Point.__init__.__code__.co_names],
            "filters": len(logging.getLogger().handlers),
        }
    if event == "left":
        return {
            "finders": [type(f).__name__ for f in sys.meta_path if type(f).__name__ == "Bundle"],
            "open": any("bundle" in file for file in open_files()),
        }
    if event == "compilers":
        return [sorted(COMPILERS_OF_IMPORTS), sorted(compilers())]
    if event == "reload":
        return importlib.reload(installed).VALUE
    if event == "shadow":
        return hasattr(colorsys, "NEW")
    if event == "deep":
        package.part.fail(2)
    return {"beside": beside, "installed": installed, "own": own}[event].VALUE


def open_files() -> list[str]:
    if not os.path.isdir("/proc/self/fd"):
        return []
    links = [f"/proc/self/fd/{fd}" for fd in os.listdir("/proc/self/fd")]
    return [os.readlink(link) for link in links if os.path.islink(link)]
