"""The examples' own tests, run as their readers would, with the public test kit alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.processes import environment

TESTED = sorted((ROOT / "examples").rglob("test_*.py"))
PUBLIC = {"lambda_ric", "lambda_ric.testing", "lambda_ric.testing.events"}

each_test = pytest.mark.parametrize("path", TESTED, ids=lambda path: path.parent.name)


def test_the_examples_of_handlers_have_tests() -> None:
    assert {path.parent.name for path in TESTED} >= {
        "hello",
        "streaming",
        "fastapi",
        "flask",
        "mcp",
        "durable",
    }


@pytest.mark.slow
@each_test
def test_it_passes(path: Path) -> None:
    if path.parent.name == "durable" and sys.version_info < (3, 11):
        pytest.skip("AWS's SDK for durable functions needs Python 3.11")
    plugins = ["-p", "lambda_ric.testing.pytest_plugin", "-p", "no:cacheprovider"]
    folder = str(path.parent)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *plugins, "--rootdir", folder, path.name],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout


@each_test
def test_it_uses_only_the_public_test_kit(path: Path) -> None:
    imported = {
        name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [str(node.module)]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert {name for name in imported if name.startswith("lambda_ric")} <= PUBLIC
