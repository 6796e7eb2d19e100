from __future__ import annotations

import subprocess
import sys

import lambda_ric
from tests.support.paths import ROOT

FOR_TYPES = {"AsyncHandler", "Handler", "StreamingHandler"}
"""Protocols: they need `typing`, and are for type checkers alone."""


FOR_APPLICATIONS = {"asgi", "wsgi"}
"""They load what serves an application, which loads as much and more itself."""


def _loaded_by(statement: str) -> set[str]:
    program = (
        "import sys, importlib.util, os; before = set(sys.modules); "
        f"{statement}; print(*set(sys.modules) - before)"
    )
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = [{str(ROOT)!r}]"]
    command[-1] += "; " + program
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    return set(done.stdout.split())


def test_public_names_load_nothing_of_the_standard_library() -> None:
    names = ", ".join(sorted(set(lambda_ric.__all__) - FOR_TYPES - FOR_APPLICATIONS))
    loaded = _loaded_by(f"from lambda_ric import {names}")
    foreign = {name for name in loaded if not name.startswith("lambda_ric")}
    assert foreign <= {"__future__", "_json"}


def test_the_public_names_are_listed_by_dir() -> None:
    assert set(lambda_ric.__all__) <= set(dir(lambda_ric))
