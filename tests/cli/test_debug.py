"""--debug, with an editor that attaches and stops at a line of the handler."""

from __future__ import annotations

import json
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.cli.debug_client import DebugClient
from tests.conftest import Require
from tests.support.command import RunningCommand, running_command

APP = """
def handler(event, context):
    answer = {version}
    return [answer, context.get_remaining_time_in_millis()]
"""
STOP_AT = 4


@pytest.fixture(autouse=True)
def _debugpy(require: Require) -> None:
    require(find_spec("debugpy"), "debugpy is not installed")


def _attach(command: RunningCommand, path: Path, since: int = 0) -> DebugClient:
    """Attach as the printed configuration says, and set a breakpoint."""
    printed = json.loads(command.wait_for(r"launch\.json:\n  (.*)\n")[1])
    assert printed["type"] == "debugpy"
    command.wait_for("listens for a debugger", since)
    client = DebugClient(printed["connect"]["port"])
    client.request("initialize", adapterID="test", clientID="test", pathFormat="path")
    attached = client.send("attach", connect=printed["connect"], justMyCode=False)
    client.event("initialized")
    lines = [{"line": STOP_AT}]
    client.request("setBreakpoints", source={"path": str(path)}, breakpoints=lines)
    client.request("configurationDone")
    client.response(attached)
    return client


@pytest.mark.slow
def test_an_editor_attaches_and_stops_at_a_breakpoint(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_text(APP.format(version=1))
    arguments = ("app.handler", "--port", "0", "--debug", "0", "--timeout", "1")
    with running_command(*arguments, cwd=tmp_path) as command, _attach(command, path) as editor:
        results: list[Any] = []
        invoke = threading.Thread(target=lambda: results.append(command.invoke().payload))
        invoke.start()
        stopped = editor.event("stopped")
        assert stopped["reason"] == "breakpoint"
        stack = editor.request("stackTrace", threadId=stopped["threadId"])
        assert stack["stackFrames"][0]["line"] == STOP_AT
        editor.request("continue", threadId=stopped["threadId"])
        invoke.join()
        answer, remaining = results[0]
        assert answer == 1
        assert remaining > 80_000_000  # milliseconds: timeouts are stopped


@pytest.mark.slow
def test_the_next_process_listens_at_the_same_port(tmp_path: Path) -> None:
    path = tmp_path / "app.py"
    path.write_text(APP.format(version=1))
    arguments = ("app.handler", "--port", "0", "--debug", "0", "--reload")
    with running_command(*arguments, cwd=tmp_path) as command:
        with _attach(command, path):
            pass
        seen = len(command.log)
        path.write_text(APP.format(version=2))
        with _attach(command, path, seen):
            pass
        assert command.invoke().payload[0] == 2
