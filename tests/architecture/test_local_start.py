"""What the command line loads to serve a plain function: each local start is waited for.

Features that only some functions have are imported when one of them is there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import environment

HANDLERS = Path(__file__).parent / "handlers"

FOR_SOME = (
    "lambda_ric.caller.invoke_api",
    "lambda_ric.cli.env_file",
    "lambda_ric.cli.reload",
    "lambda_ric.cli.sample_settings",
    "lambda_ric.cli.zip_function",
    "lambda_ric.deploy",
    "lambda_ric.emulator.destinations.sender",
    "lambda_ric.emulator.durable.executions",
    "lambda_ric.emulator.gateway.endpoint",
    "lambda_ric.emulator.invoke_api.endpoint",
    "lambda_ric.emulator.lambda_api",
    "lambda_ric.emulator.runtime_api.telemetry.requests",
    "lambda_ric.events",
    "difflib",
    "email",
    "hashlib",
    "http",
    "sqlite3",
    "zipfile",
    *(() if sys.platform == "win32" else ("shutil", "tempfile")),  # asyncio needs them there
)
"""Packages and modules that a plain function has no use for."""

OF_THE_EMULATOR = ("lambda_ric.emulator", "lambda_ric.sdk.web", "asyncio")
"""What the doctor has no use for, unless it examines a web application."""

PROGRAM = """
import sys
before = set(sys.modules)
from lambda_ric.cli.main import main
code = main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("arguments", "needed", "superfluous", "most"),
    [
        ("run list_modules.handler --event {} --quiet", "emulator.service", FOR_SOME, 110),
        ("doctor list_modules.handler", "cli.examine.examination", OF_THE_EMULATOR, 30),
    ],
)
def test_a_command_loads_what_a_plain_function_needs(
    arguments: str, needed: str, superfluous: tuple[str, ...], most: int
) -> None:
    """`most` is the maximum number of our own modules; what all functions need may raise it."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments.split()],
        cwd=HANDLERS,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.split()
    packages = tuple(f"{name}." for name in superfluous)
    assert not [name for name in loaded if f"{name}.".startswith(packages)]
    ours = [name for name in loaded if name.startswith("lambda_ric")]
    assert f"lambda_ric.{needed}" in ours
    assert len(ours) <= most
