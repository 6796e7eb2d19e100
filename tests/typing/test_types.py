"""Type checkers read the files beside this one, with the errors in them that they expect."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)


def test_mypy_strict_agrees(tmp_path: Path) -> None:
    done = _run("mypy", "--strict", "--warn-unreachable", "--cache-dir", str(tmp_path), str(HERE))
    assert done.returncode == 0, done.stdout


def test_pyright_agrees(tmp_path: Path) -> None:
    settings = {
        "include": [str(HERE)],
        "extraPaths": [str(ROOT)],
        "typeCheckingMode": "strict",
        "enableTypeIgnoreComments": False,
        "reportUnnecessaryTypeIgnoreComment": True,
        "reportUnusedExpression": False,
        "pythonVersion": "{}.{}".format(*sys.version_info[:2]),
    }
    project = tmp_path / "pyrightconfig.json"
    project.write_text(json.dumps(settings))
    done = _run("basedpyright", "--project", str(project), "--pythonpath", sys.executable)
    assert done.returncode == 0, done.stdout
