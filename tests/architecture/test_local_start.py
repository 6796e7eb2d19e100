"""What the command line loads to serve a plain function: each local start is waited for.

Features that only some functions have are imported when one of them is there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
    "shutil",
    "sqlite3",
    "tempfile",
    "zipfile",
)
"""Packages and modules that a plain function has no use for."""

MOST_MODULES = 110
"""The maximum number of our own modules. A feature that every function has may raise it."""

PROGRAM = """
import sys
before = set(sys.modules)
from lambda_ric.cli.main import main
code = main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), file=sys.stderr)
sys.exit(code)
"""


def test_a_plain_function_is_served_without_what_others_need() -> None:
    command = [sys.executable, "-c", PROGRAM, "list_modules.handler", "--event", "{}", "--quiet"]
    done = subprocess.run(
        command, cwd=HANDLERS, env=environment(), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.split()
    superfluous = [
        name for name in loaded if f"{name}.".startswith(tuple(f"{n}." for n in FOR_SOME))
    ]
    assert not superfluous
    ours = [name for name in loaded if name.startswith("lambda_ric")]
    assert "lambda_ric.emulator.service" in ours
    assert len(ours) <= MOST_MODULES
