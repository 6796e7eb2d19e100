"""A file that takes more than one look, or a function that does, wants to be two."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import MODULES, name_of, parse
from tests.support.paths import ROOT

MOST_LINES_OF_A_FILE = 300
MOST_LINES_OF_A_FUNCTION = 60

LONG_FILES: dict[str, str] = {}
"""Files that may be longer, each with the reason."""

LONG_FUNCTIONS: dict[str, str] = {}
"""Functions that may be longer, as path::name, each with the reason."""

SOURCES = MODULES + [
    path
    for folder in ("base_images", "benchmarks", "examples", "scripts")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_file_is_short() -> None:
    lengths = {name_of(path): lines_of(path) for path in SOURCES}
    too_long = {name for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE}
    assert too_long <= set(LONG_FILES)


def test_a_function_is_short() -> None:
    too_long = {
        f"{name_of(path)}::{node.name}"
        for path in SOURCES
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    }
    assert too_long <= set(LONG_FUNCTIONS)


def test_no_exception_outlives_its_reason() -> None:
    assert {*LONG_FILES, *(name.partition("::")[0] for name in LONG_FUNCTIONS)} <= {
        name_of(path) for path in SOURCES
    }
