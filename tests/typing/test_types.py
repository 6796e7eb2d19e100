"""Type checkers read the files beside this one, with the errors in them that they expect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.support.paths import ROOT

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def _checkers(require: Require) -> None:
    require(find_spec("mypy") and find_spec("basedpyright"), "the type checkers are not installed")


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
def test_mypy_strict_agrees(mypy_cache: Path) -> None:
    cache = str(mypy_cache / "usage")
    done = _run("mypy", "--strict", "--warn-unreachable", "--cache-dir", cache, str(HERE))
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_mypy_finds_mistakes_where_powertools_is_not_installed(mypy_cache: Path) -> None:
    options = ("--strict", "--no-site-packages", "--cache-dir", str(mypy_cache / "bare"))
    done = _run("mypy", *options, str(HERE / "usage_context.py"))
    assert "aws_lambda_powertools" in done.stdout  # in the package, of which users see no errors
    assert "usage_context.py" not in done.stdout, done.stdout


@pytest.mark.slow
def test_pyright_agrees(tmp_path: Path) -> None:
    done = _pyright(tmp_path, HERE, sys.executable)
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_pyright_finds_mistakes_where_powertools_is_not_installed(tmp_path: Path) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    scripts = "Scripts" if os.name == "nt" else "bin"
    done = _pyright(
        tmp_path, HERE / "usage_context.py", str(tmp_path / "bare" / scripts / "python")
    )
    assert done.returncode == 0, done.stdout


def _pyright(tmp_path: Path, what: Path, python: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "include": [str(what)],
        "extraPaths": [str(ROOT)],
        "typeCheckingMode": "strict",
        "enableTypeIgnoreComments": False,
        "reportUnnecessaryTypeIgnoreComment": True,
        "reportUnusedExpression": False,
        "pythonVersion": "{}.{}".format(*sys.version_info[:2]),
    }
    project = tmp_path / "pyrightconfig.json"
    project.write_text(json.dumps(settings))
    return _run("basedpyright", "--project", str(project), "--pythonpath", python)
