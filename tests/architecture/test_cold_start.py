"""What a cold start and one JSON invocation load, over what `python -m` of any module does.

The set is the same for every Python: that is what makes a cold start cheap. A module that joins
it costs every user of every function time: it joins deliberately, in cold_start.txt.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_ric.testing import Event, RuntimeApi
from tests.support.paths import ROOT

HANDLERS = Path(__file__).parent / "handlers"

GOLDEN = Path(__file__).with_name("cold_start.txt")

FOR_LOGGING = {
    "lambda_ric.ondemand",
    "lambda_ric.ondemand.announcing_loader",
    "lambda_ric.ondemand.logs",
    "lambda_ric.wire.log_frames",
}
"""What comes on top where the function imports `logging`."""


@pytest.mark.parametrize(
    ("program", "more"), [("list_modules", set()), ("list_modules_and_log", FOR_LOGGING)]
)
def test_a_json_invocation_loads_the_runtime_and_nothing_else(program: str, more: set[str]) -> None:
    loaded = _modules_after_an_invocation(program) - _modules_of(program) - {program}
    assert loaded == {*GOLDEN.read_text(encoding="utf-8").split(), *more}


def _environment(**more: str) -> dict[str, str]:
    """Return an environment without what changes which modules Python loads at its start."""
    python = {name: value for name, value in os.environ.items() if name.startswith("PYTHON")}
    kept = {name: value for name, value in os.environ.items() if name not in python}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def _modules_of(program: str) -> set[str]:
    command = [sys.executable, "-m", program]
    done = subprocess.run(
        command, cwd=HANDLERS, env=_environment(), capture_output=True, text=True, timeout=30
    )
    return set(done.stdout.split())


def _modules_after_an_invocation(program: str) -> set[str]:
    """Return what the handler sees the second time: the first invocation is over by then."""
    with RuntimeApi([Event({"key": "value"}), Event({"key": "value"})]) as api:
        child = subprocess.Popen(
            [sys.executable, "-m", "lambda_ric", f"{program}.handler"],
            cwd=HANDLERS,
            env=_environment(AWS_LAMBDA_RUNTIME_API=api.address),
        )
        try:
            _, second = api.wait_for_posts(2)
        finally:
            child.kill()
            child.wait()
    return set(second.json())
