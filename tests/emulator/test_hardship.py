"""What may befall an emulator: kills, stubborn functions, clients that vanish, too much of all."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from lambda_ric.testing import Emulator, InvokeRequest, LambdaClient
from lambda_ric.wire.runtime_api import MAX_EVENT, MAX_RESPONSE
from tests.conftest import Require
from tests.emulator.soak import Usage, process_tree
from tests.support.command import RunningCommand, running_command
from tests.support.paths import EMULATED_HANDLERS
from tests.support.processes import until

pytestmark = pytest.mark.slow

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)

def handler(event, context):
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print("begun", flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def _linux(require: Require) -> None:
    require(sys.platform == "linux", "processes and memory are asked of /proc")


@contextmanager
def _busy(tmp_path: Path) -> Iterator[tuple[RunningCommand, list[int]]]:
    """An emulator with three invocations that ignore SIGTERM, and all processes but its own."""
    (tmp_path / "app.py").write_text(STUBBORN)
    with running_command("app.handler", "--port", "0", cwd=tmp_path) as command:
        callers = [threading.Thread(target=_invoke_in_vain, args=(command.url,)) for _ in range(3)]
        for caller in callers:
            caller.start()
        command.wait_for(r"(?s)(begun\n.*){3}")
        yield (
            command,
            [pid for pid in process_tree(command.process.pid) if pid != command.process.pid],
        )
        for caller in callers:
            caller.join()


def _invoke_in_vain(url: str) -> None:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(_head("{}") + b"{}")
        try:
            while connection.recv(65_536):
                pass
        except ConnectionResetError:
            pass


def _head(body: str, length: int | None = None) -> bytes:
    return (
        "POST /2015-03-31/functions/function/invocations HTTP/1.1\r\nHost: localhost\r\n"
        f"Content-Length: {length or len(body)}\r\n\r\n"
    ).encode()


def _alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def _all_gone(pids: list[int]) -> bool:
    """Wait for processes that are nobody's children: there is no event for their end."""
    until(lambda: not any(map(_alive, pids)))
    return True


def test_a_killed_emulator_takes_all_processes_with_it(tmp_path: Path) -> None:
    with _busy(tmp_path) as (command, others):
        assert len(others) >= 7  # the guard, three functions, three of their children
        command.process.kill()
        assert command.exit_code() == -signal.SIGKILL
        assert _all_gone(others)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_stubborn_functions_too(tmp_path: Path, number: int) -> None:
    with _busy(tmp_path) as (command, others):
        begun = time.monotonic()
        assert command.terminate(number) == 0
        assert time.monotonic() - begun < 5  # two seconds, on a machine that does nothing else
        assert _all_gone(others)


def test_a_killed_guard_and_function_do_no_harm(tmp_path: Path) -> None:
    with running_command("app.handler", "--port", "0", cwd=EMULATED_HANDLERS) as command:
        first = command.invoke().payload["pid"]
        others = [pid for pid in process_tree(command.process.pid) if pid != command.process.pid]
        for pid in others:
            os.kill(pid, signal.SIGKILL)
        assert _all_gone(others)
        assert command.invoke().payload["pid"] != first
        assert command.terminate() == 0


def test_clients_that_vanish_cost_nothing() -> None:
    with running_command(
        "app.handler", "--port", "0", "--concurrency", "2", cwd=EMULATED_HANDLERS
    ) as command:
        command.invoke()
        address = (urlsplit(command.url).hostname, urlsplit(command.url).port)
        before = Usage.of(command.process.pid)
        for _ in range(200):
            for sent in (b"", b"POST /2015", _head("", 1_000_000) + b"{", _head("{}") + b"{}"):
                with socket.create_connection(address) as connection:
                    connection.sendall(sent)
        assert command.invoke({"keep": 1}).payload["event"] == {"keep": 1}
        after = Usage.of(command.process.pid)
        assert after.files <= before.files + 12  # of them, those of a second environment
        assert after.kibibytes <= before.kibibytes + 8_192


def test_a_client_that_leaves_a_stream_frees_the_environment() -> None:
    with Emulator("app.stream", cwd=EMULATED_HANDLERS, concurrency=1) as emulator:
        for _ in range(3):
            with emulator.stream({"parts": ["x" * 10_000] * 400}) as stream:
                next(iter(stream))
        assert emulator.invoke({"parts": ["a", "b"]}).function_error is None


def test_slow_senders_do_not_keep_others_waiting() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        address = ("127.0.0.1", urlsplit(emulator.url).port)
        slow = [socket.create_connection(address) for _ in range(200)]
        for number, connection in enumerate(slow):
            connection.sendall(b"POST / HTTP/1.1\r\nHost: loc"[: 5 + number % 20])
        assert emulator.invoke({"keep": 1}).payload["event"] == {"keep": 1}
        for connection in slow:
            connection.close()


def test_many_more_callers_than_environments_are_all_answered() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS, concurrency=3) as emulator:

        def invoke(number: int) -> tuple[int, int]:
            payload = client.invoke(InvokeRequest(b'{"keep": %d, "sleep": 0.01}' % number)).payload
            return payload["event"]["keep"], payload["pid"]

        with LambdaClient(emulator.url) as client, ThreadPoolExecutor(30) as callers:
            answers = list(callers.map(invoke, range(150)))
        assert [number for number, _ in answers] == list(range(150))
        assert len({pid for _, pid in answers}) <= 3


def test_the_largest_payloads_go_both_ways_at_once() -> None:
    event = json.dumps({"size": MAX_RESPONSE - 2, "padding": ""}).encode()
    event = event.replace(b'""', b'"%s"' % (b"x" * (MAX_EVENT - len(event))))
    with Emulator("app.big", cwd=EMULATED_HANDLERS, concurrency=2) as emulator:
        with LambdaClient(emulator.url) as client, ThreadPoolExecutor(4) as callers:
            results = list(callers.map(client.invoke, [InvokeRequest(event)] * 4))
        assert [len(result.body) for result in results] == [MAX_RESPONSE] * 4
        one_more = emulator.invoke({"size": MAX_RESPONSE - 1})
        assert one_more.payload["errorType"] == "Function.ResponseSizeTooLarge"


def test_a_function_that_floods_its_log_is_answered() -> None:
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:
        result = emulator.invoke({"write": "x" * 3_000_000})
        assert result.function_error is None
        result = emulator.invoke({"write": "line\n" * 100_000})
        assert result.function_error is None
        assert (result.log_tail or "").count("line\n") > 500
        assert emulator.log.count("line\n") >= 100_000
