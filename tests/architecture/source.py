"""The project's own source, read and not run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT

PACKAGE = ROOT / "lambda_ric"
MODULES = sorted(PACKAGE.rglob("*.py"))


def name_of(path: Path) -> str:
    """Return the path below the root, the same on every system."""
    return path.relative_to(ROOT).as_posix()


def module_of(path: Path) -> str:
    """Return the dotted name of a module of the package."""
    dotted = name_of(path).removesuffix(".py").replace("/", ".")
    return dotted.removesuffix(".__init__")


def violations(
    paths: Iterable[Path], rule: Callable[[Path], Collection[object]]
) -> dict[str, Collection[object]]:
    """Return what breaks a rule in each of the files: one test reads them all."""
    found = {name_of(path): rule(path) for path in paths}
    return {name: broken for name, broken in found.items() if broken}


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), name_of(path))


@dataclass(frozen=True)
class Import:
    """One imported module, and when it is imported: "start", "call" or, for types, "never"."""

    module: str
    when: str
    line: int

    @property
    def folder(self) -> str:
        """The folder of the package it is in, "" for the package itself, else None as a text."""
        parts = self.module.split(".")
        if parts[0] != "lambda_ric":
            return "elsewhere"
        return parts[1] if len(parts) > 1 and (PACKAGE / parts[1]).is_dir() else ""


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    return tuple(_imports(parse(path), "start"))


def _imports(node: ast.AST, when: str) -> Iterator[Import]:
    match node:
        case ast.Import():
            yield from [Import(alias.name, when, node.lineno) for alias in node.names]
        case ast.ImportFrom(level=0, module=str(module)):
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                is_module = (ROOT / whole.replace(".", "/")).is_dir() or (
                    ROOT / (whole.replace(".", "/") + ".py")
                ).is_file()
                yield Import(whole if is_module else module, when, node.lineno)
        case ast.ImportFrom():
            raise AssertionError(f"line {node.lineno}: imports are written in full")
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            for statement in node.body:
                yield from _imports(statement, "never")
            for statement in node.orelse:
                yield from _imports(statement, when)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            for child in ast.iter_child_nodes(node):
                yield from _imports(child, "never" if when == "never" else "call")
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _imports(child, when)
