"""Executions in a file: they outlive the emulator, even one that is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_ric.emulator.durable.sqlite_store import SqliteStore
from lambda_ric.emulator.durable.state_error import StateError
from lambda_ric.testing import Emulator
from tests.emulator.durable.test_machine import new_execution, send, update
from tests.support import web
from tests.support.paths import ROOT

HANDLERS = Path(__file__).parents[1] / "handlers"


def test_an_execution_is_read_as_it_was_written(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "state"))
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    send(execution, update("b", "STEP", "SUCCEED", Payload="1"))
    store.save(execution)
    send(execution, update("a", "WAIT", "START", WaitOptions={"WaitSeconds": 5}))
    store.save(execution)
    read = store.load("arn")
    store.close()
    assert read is not None
    assert read.origin == execution.origin
    assert list(read.operations.items()) == list(execution.operations.items())
    assert read.events == execution.events
    assert (read.wanted, read.timers.next_due()) == (True, 5.0)


def test_a_file_serves_one_emulator_at_a_time(tmp_path: Path) -> None:
    first = SqliteStore(str(tmp_path / "state"))
    with pytest.raises(StateError, match="locked"):
        SqliteStore(str(tmp_path / "state"))
    first.close()


def test_a_callback_is_completed_after_a_restart(tmp_path: Path) -> None:
    options = {"cwd": HANDLERS, "durable": True, "skip_time": True, "state": tmp_path / "state"}
    with Emulator("durable.order", **options) as emulator:  # type: ignore[arg-type]
        arn = emulator.invoke("x", invocation_type="Event").durable_execution_arn
        assert arn is not None
        callback = emulator.executions.wait_for_callback(arn)
    with Emulator("durable.order", **options) as emulator:  # type: ignore[arg-type]
        emulator.executions.succeed(callback, "yes")
        ended = emulator.executions.wait(arn)
    assert ended.result == {"order": "x", "approval": '"yes"'}
    assert ended.events.count("StepSucceeded") == 1


def test_an_execution_goes_on_after_the_emulator_was_killed(tmp_path: Path) -> None:
    state = tmp_path / "state"
    command = [sys.executable, "-m", "lambda_ric", "durable.order", "--port", "0", "--skip-time"]
    command += ["--durable", "--state", str(state)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=HANDLERS, env=environment, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        banner = process.stderr.readline()
        url = f"http://{banner.rsplit(' ', 1)[1].strip()}"
        answer = web.post(
            f"{url}/2015-03-31/functions/f/invocations",
            headers={"X-Amz-Invocation-Type": "Event"},
            content=json.dumps("x"),
        )
        arn = answer.headers["x-amz-durable-execution-arn"]
        process.send_signal(signal.SIGKILL)
    with Emulator(
        "durable.order", cwd=HANDLERS, durable=True, skip_time=True, state=state
    ) as again:
        again.executions.succeed(again.executions.wait_for_callback(arn), "yes")
        assert again.executions.wait(arn).status == "SUCCEEDED"
