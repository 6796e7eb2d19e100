"""Under AWS's own emulator, beside awslambdaric: what its client sees is the same."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.processes import HANDLERS, PATIENCE, environment

INVOKE = "/2015-03-31/functions/function/invocations"
RUNTIMES = ["awslambdaric", "lambda_ric"]


def free_ports() -> tuple[int, int]:
    """Two ports that were free a moment ago: the emulator cannot be asked which ones it got."""
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as other,
    ):
        return one.getsockname()[1], other.getsockname()[1]


class Rie:
    """A running emulator."""

    def __init__(self, port: int, log: Path) -> None:
        self._port = port
        self._log = log

    @property
    def log(self) -> str:
        return self._log.read_text()

    def invoke(self, event: Any, **headers: str) -> tuple[int, bytes]:
        payload = event if isinstance(event, bytes) else json.dumps(event).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("POST", INVOKE, payload, fields)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    def wait_until_it_listens(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait for the port; nothing tells when it is there. False when the process ended."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self._port)).close()
            except ConnectionRefusedError:
                time.sleep(0.01)
            else:
                return True
        return False


@contextmanager
def serving(program: Path, log: Path, runtime: str, handler: str, **environ: str) -> Iterator[Rie]:
    port, api_port = free_ports()
    addresses = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
    addresses += ["--runtime-api-address", f"127.0.0.1:{api_port}"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [program, *addresses, sys.executable, "-m", runtime, handler],
            cwd=HANDLERS,
            env=environment(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        rie = Rie(port, log)
        try:
            assert rie.wait_until_it_listens(process), log.read_text()
            yield rie
        finally:
            process.terminate()  # it ends its runtime first
            process.wait(PATIENCE)


@pytest.fixture(params=RUNTIMES)
def rie(request: pytest.FixtureRequest, aws_rie: Path, tmp_path: Path) -> Iterator[Rie]:
    environ = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}
    with serving(
        aws_rie, tmp_path / "log", request.param, "everything.handler", **environ
    ) as running_rie:
        yield running_rie


def test_serves_events_of_every_kind(rie: Rie) -> None:
    events: list[Any] = [{"a": 1}, [], "text", "é😀", None, 1.5, {}]
    for event in events:
        status, body = rie.invoke(event)
        assert status == 200
        assert json.loads(body) == {"event": event, "json": json.dumps(event)}
    assert rie.invoke({"do": "count"})[1] == b"8"


def test_errors_reach_the_client(rie: Rie) -> None:
    status, body = rie.invoke({"do": "fail"})
    error = json.loads(body)
    assert status == 200
    assert list(error) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert error["errorMessage"] == "on request"
    assert error["errorType"] == "ValueError"
    assert len(error["stackTrace"]) == 1
    assert json.loads(rie.invoke({"do": "unwritable"})[1])["errorType"] == "Runtime.MarshalError"
    assert json.loads(rie.invoke(b"{broken")[1])["errorType"] == "Runtime.UnmarshalError"
    assert rie.invoke({"do": "count"})[1] == b"3"


def test_bytes_and_large_results_reach_the_client(rie: Rie) -> None:
    assert rie.invoke({"do": "bytes"}) == (200, b"\x00\xff")
    status, body = rie.invoke({"do": "size", "size": 6_000_000})
    assert (status, len(body)) == (200, 6_000_002)
    large = "y" * 2_000_000
    assert json.loads(rie.invoke(large)[1])["event"] == large


def test_the_context_is_that_of_the_emulator(rie: Rie) -> None:
    assert json.loads(rie.invoke({"do": "context"})[1]) == {
        "name": "test_function",
        "version": "$LATEST",
        "memory": "3008",
        "arn": "arn:aws:lambda:us-east-1:012345678912:function:test_function",
        "remaining": True,
        "id": 36,
    }
    context = base64.b64encode(b'{"custom": {"k": "v"}}').decode()
    status, body = rie.invoke({"do": "client context"}, X_Amz_Client_Context=context)
    assert (status, json.loads(body)) == (200, {"k": "v"})


def test_what_is_printed_and_logged_is_in_the_log(rie: Rie) -> None:
    rie.invoke({"do": "log"})
    lines = rie.log.splitlines()
    printed = lines.index("printed")
    assert lines[printed + 1].startswith("[WARNING]\t")
    assert lines[printed + 1].endswith("\tlogged")
    assert any(line.startswith("END RequestId: ") for line in lines[printed + 2 :])


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"do": "exit", "code": 3}, "Runtime exited with error: exit status 3"),
        ({"do": "leave"}, "Runtime exited without providing a reason"),
    ],
)
def test_a_function_that_ends_its_process_is_started_again(
    rie: Rie, event: dict[str, Any], reason: str
) -> None:
    assert rie.invoke({"do": "count"})[1] == b"1"
    status, body = rie.invoke(event)
    assert status == 502
    assert json.loads(body)["errorMessage"].endswith(reason)
    assert rie.invoke({"do": "count"})[1] == b"1"


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_an_init_error_reaches_the_client(aws_rie: Path, tmp_path: Path, runtime: str) -> None:
    with serving(aws_rie, tmp_path / "log", runtime, "app.missing") as rie:
        for _ in range(2):
            status, body = rie.invoke({})
            assert status == 502
            assert json.loads(body) == {
                "errorMessage": "Handler 'missing' missing on module 'app'",
                "errorType": "Runtime.HandlerNotFound",
                "requestId": "",
                "stackTrace": [],
            }


def test_a_result_that_is_too_large_leaves_our_process_alive(aws_rie: Path, tmp_path: Path) -> None:
    with serving(aws_rie, tmp_path / "log", "lambda_ric", "everything.handler") as rie:
        status, body = rie.invoke({"do": "size", "size": 6_300_000})
        assert (status, json.loads(body)["errorType"]) == (200, "Function.ResponseSizeTooLarge")
        assert rie.invoke({"do": "count"})[1] == b"2"
