"""--snapstart: the hooks around a snapshot, and what is said when one fails."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from lambda_ric.testing import Emulator

HANDLERS = Path(__file__).parent / "handlers"


def test_hooks_run_around_a_snapshot_in_every_environment() -> None:
    with Emulator("snapshot.handler", cwd=HANDLERS, snap_start=True) as emulator:
        for _ in range(2):
            assert emulator.invoke().payload == {
                "type": "snap-start",
                "happened": ["loaded", "before snapshot", "after restore"],
            }
            emulator.restart()


def test_the_first_report_has_the_time_of_the_restore() -> None:
    with Emulator("snapshot.handler", cwd=HANDLERS, snap_start=True) as emulator:
        first = emulator.invoke().log_tail or ""
        assert re.search(r"Restore Duration: [\d.]+ ms\tBilled Restore Duration: \d+ ms\t\n", first)
        assert "Init Duration" not in first
        assert "Restore Duration" not in (emulator.invoke().log_tail or "")


def test_without_it_no_hook_runs() -> None:
    with Emulator("snapshot.handler", cwd=HANDLERS) as emulator:
        assert emulator.invoke().payload == {"type": "on-demand", "happened": ["loaded"]}


def test_a_failed_restore_is_told_to_the_caller() -> None:
    env = {"FAIL": "after"}
    with Emulator("snapshot.handler", cwd=HANDLERS, snap_start=True, env=env) as emulator:
        result = emulator.invoke()
        assert result.function_error == "Unhandled"
        assert result.payload["errorType"] == "ConnectionError"
        assert result.payload["errorMessage"] == "no database"
        assert re.search(
            r"RESTORE_REPORT Restore Duration: [\d.]+ ms\tStatus: error\t"
            r"Error Type: Runtime.AfterRestoreError",
            emulator.log,
        )


def test_a_snapshot_that_fails_is_a_failed_initialisation() -> None:
    env = {"FAIL": "before"}
    with Emulator("snapshot.handler", cwd=HANDLERS, snap_start=True, env=env) as emulator:
        assert emulator.invoke().payload["errorMessage"] == "not now"
        assert "Status: error\tError Type: Runtime.BeforeSnapshotError" in emulator.log


def test_awslambdaric_takes_part() -> None:
    command = (sys.executable, "-m", "awslambdaric", "app.handler")
    with Emulator(command=command, cwd=HANDLERS, snap_start=True) as emulator:
        assert "Restore Duration" in (emulator.invoke().log_tail or "")


def test_a_runtime_without_a_restore_is_noticed() -> None:
    client = """
import http.client, os
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    answer = api.getresponse()
    answer.read()
    id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
    api.request("POST", f"/2018-06-01/runtime/invocation/{id}/response", "1")
    api.getresponse().read()
"""
    with Emulator(command=(sys.executable, "-c", client), snap_start=True) as emulator:
        assert emulator.invoke().payload == 1
        assert "com.amazonaws.lambda.feature.snapstart=Allow" in emulator.log
