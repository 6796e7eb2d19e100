"""The plugin in a pytest of its own, as a project that uses it would run it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import environment

pytestmark = pytest.mark.slow

TESTS = """
from lambda_ric import LambdaContext

def handler(event, context):
    return {"hello": event["name"], "ms": context.get_remaining_time_in_millis()}

def test_fixtures(lambda_context, lambda_invoke):
    assert type(lambda_context) is LambdaContext
    result = lambda_invoke(handler, {"name": "Ada"}, lambda_context)
    assert result.payload["hello"] == "Ada"
    assert 0 < result.payload["ms"] <= 300_000

def test_emulator(lambda_emulator):
    emulator = lambda_emulator("test_app.handler", timeout=5)
    result = emulator.invoke({"name": "Ada"})
    assert result.payload["hello"] == "Ada"
    assert 3000 < result.payload["ms"] <= 5000
"""


def _python(*arguments: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command, env = [sys.executable, *arguments], environment(**variables)
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=60)


@pytest.mark.slow
def test_its_fixtures_work_in_a_project(tmp_path: Path) -> None:
    (tmp_path / "test_app.py").write_text(TESTS)
    done = _python(
        "-m", "pytest", "-p", "lambda_ric.testing.pytest_plugin", "-W", "error", cwd=tmp_path
    )
    assert "2 passed" in done.stdout, done.stdout


def test_its_fixtures_have_descriptions(tmp_path: Path) -> None:
    arguments = ["-m", "pytest", "-p", "lambda_ric.testing.pytest_plugin", "--fixtures"]
    done = _python(*arguments, cwd=tmp_path, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    for fixture in ("lambda_context", "lambda_emulator", "lambda_invoke"):
        assert fixture in done.stdout


def test_it_loads_nothing_before_a_test_asks_for_it(tmp_path: Path) -> None:
    program = (
        "import sys, pytest; before = set(sys.modules); "
        "import lambda_ric.testing.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    done = _python("-c", program, cwd=tmp_path)
    assert done.stdout.split() == [
        "lambda_ric",
        "lambda_ric.testing",
        "lambda_ric.testing.pytest_plugin",
    ]
