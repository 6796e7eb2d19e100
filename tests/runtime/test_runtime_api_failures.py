"""A Runtime API that vanishes, breaks off, refuses or talks nonsense."""

from __future__ import annotations

import signal
import socket

import pytest

from lambda_ric.testing import Answer, Delivery, Event, RuntimeApi
from lambda_ric.wire.http1 import MAX_HEAD
from tests.support.processes import PATIENCE
from tests.support.runtime import is_one_line, run_runtime, running_runtime

pytestmark = pytest.mark.slow


def last_words(api: RuntimeApi, handler: str = "app.handler") -> str:
    """Run a runtime that cannot go on; return its one line on stderr."""
    code, stdout, stderr = run_runtime(api, handler)
    assert (code, stdout) == (1, b"")
    assert is_one_line(stderr)
    return stderr.decode().removeprefix(f"lambda-ric: the Runtime API at {api.address} ").strip()


def test_ends_when_the_runtime_api_vanishes_while_idle() -> None:
    with RuntimeApi([Event(1)]) as api, running_runtime(api, "app.handler") as runtime:
        api.wait_until_idle()
        api.close()
        code, _, stderr = runtime.ended()
    assert code == 1
    assert is_one_line(stderr)
    assert b"cannot be reached: Connection refused" in stderr


@pytest.mark.measured
def test_ends_when_the_runtime_api_vanishes_during_an_invocation() -> None:
    with RuntimeApi([Event()]) as api, running_runtime(api, "waits.handler") as runtime:
        runtime.until_logged("waiting\n")
        api.close()
        runtime.process.send_signal(signal.SIGUSR1)
        code, _, stderr = runtime.ended()
    assert code == 1
    assert is_one_line(stderr)
    assert b"cannot be reached: Connection refused" in stderr


def test_ends_when_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
    with RuntimeApi() as api:
        code, _, stderr = run_runtime(api, "app.handler", AWS_LAMBDA_RUNTIME_API=f"{host}:{port}")
    assert code == 1
    assert stderr.decode() == (
        f"lambda-ric: the Runtime API at {host}:{port} cannot be reached: Connection refused\n"
    )


@pytest.mark.parametrize("length", [1, 9, 20, 150])
def test_ends_at_half_an_answer(length: int) -> None:
    with RuntimeApi([Event({"a": 1}, delivery=Delivery(cut=length))]) as api:
        assert last_words(api) == (
            "does not speak HTTP/1.1: the peer closed the connection in the middle of a head"
        )


def test_ends_at_half_a_body() -> None:
    whole = len(Event("x" * 1000).answer(1).encode())
    with RuntimeApi([Event("x" * 1000, delivery=Delivery(cut=whole - 1))]) as api:
        assert last_words(api) == (
            "does not speak HTTP/1.1: the peer closed the connection in the middle of a body"
        )


def test_serves_an_event_that_comes_drop_by_drop() -> None:
    event = Event({"a": 1}, delivery=Delivery(drip=0.0005))
    with RuntimeApi([event, Event(2)]) as api, running_runtime(api, "app.handler"):
        first, second = api.wait_for_posts(2)
    assert (first.json(), second.json()) == ({"a": 1}, 2)


def test_ends_at_500() -> None:
    with RuntimeApi([Answer.of(500)]) as api:
        assert last_words(api) == (
            "answered 500 to the poll for the next invocation: "
            '{"errorMessage":"Internal Server Error","errorType":"InternalServerError"}'
        )
        assert [request.method for request in api.requests] == ["GET"]


@pytest.mark.parametrize("status", [301, 400, 403, 404, 410, 503])
def test_ends_at_other_statuses_too(status: int) -> None:
    with RuntimeApi([Answer.of(status)]) as api:
        assert last_words(api).startswith(f"answered {status} to the poll for the next invocation")


def test_ends_at_an_oversized_head() -> None:
    head = b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * MAX_HEAD
    with RuntimeApi([Answer(raw=head + b"\r\n\r\n")]) as api:
        assert last_words(api) == (
            f"does not speak HTTP/1.1: a head is larger than {MAX_HEAD} bytes"
        )


def test_takes_headers_of_almost_a_megabyte() -> None:
    context = '{"custom": "' + "x" * 1_000_000 + '"}'
    event = Event("client", {"Lambda-Runtime-Client-Context": context})
    with RuntimeApi([event]) as api, running_runtime(api, "contexts.handler"):
        (posted,) = api.wait_for_posts(1)
    assert posted.json()["custom"] == "x" * 1_000_000


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param(b"\r\n\r\n", marks=pytest.mark.measured),  # the others end no differently
        b"220 mail.example.com ESMTP\r\n\r\n",
        b"HTTP/2.0 200 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nNo colon here\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n",
        bytes(range(256)) * 10,
    ],
)
def test_ends_at_a_response_that_is_not_http(nonsense: bytes) -> None:
    with RuntimeApi([Answer(raw=nonsense, delivery=Delivery(close=True))]) as api:
        assert last_words(api).startswith("does not speak HTTP/1.1: ")


@pytest.mark.measured
@pytest.mark.parametrize(
    ("header", "value", "reason"),
    [
        ("Lambda-Runtime-Aws-Request-Id", None, "the answer has no Lambda-Runtime-Aws-Request-Id"),
        ("Lambda-Runtime-Aws-Request-Id", "", "the answer has no Lambda-Runtime-Aws-Request-Id"),
        ("Lambda-Runtime-Deadline-Ms", "soon", "invalid literal for int() with base 10: 'soon'"),
    ],
)
def test_ends_at_an_event_that_cannot_be_answered(
    header: str, value: str | None, reason: str
) -> None:
    with RuntimeApi([Event(headers={header: value})]) as api:
        assert last_words(api) == f"gave an invocation that cannot be read: {reason}"


def test_ends_when_the_connection_closes_without_an_answer() -> None:
    with RuntimeApi([Answer(delivery=Delivery(cut=0))]) as api:
        assert last_words(api) == "closed the connection without an answer"
        assert len(api.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 500])
def test_ends_when_a_result_is_refused(status: int) -> None:
    with RuntimeApi([Event(1), Event(2)], posts=[status]) as api:
        assert last_words(api).startswith(f"answered {status} to the result of an invocation: ")
        assert len(api.posts) == 1


@pytest.mark.parametrize("status", [400, 403, 413, 500])
def test_ends_when_an_error_is_refused(status: int) -> None:
    with RuntimeApi([Event("value_error"), Event(2)], posts=[status]) as api:
        code, _, stderr = run_runtime(api, "failures.handler")
        assert code == 1
        assert is_one_line(stderr)
        assert f" answered {status} to the error of an invocation: " in stderr.decode()


@pytest.mark.parametrize("status", [200, 403, 500])
def test_says_that_an_init_error_is_refused(status: int) -> None:
    with RuntimeApi(posts=[status]) as api:
        code, stdout, stderr = run_runtime(api, "app.missing")
        assert code == 1
        assert b"[ERROR] Runtime.HandlerNotFound" in stdout
        assert is_one_line(stderr)


def test_a_result_that_is_too_large_fails_its_invocation_alone() -> None:
    with (
        RuntimeApi([Event(7_000_000), Event(2)], posts=[413]) as api,
        running_runtime(api, "sizes.of_size") as runtime,
    ):
        first, second = api.wait_for_posts(2)
        log = runtime.log
    assert len(first.body) == 7_000_002
    assert second.json() == "xx"
    assert log.startswith("[ERROR] Function.ResponseSizeTooLarge: Response payload size (7000002")


def test_survives_a_413_that_comes_before_the_body_is_read() -> None:
    """As servers do that read no more than they want: the head, then 413, then a close."""
    with socket.create_server(("127.0.0.1", 0)) as listener, RuntimeApi() as unused:
        listener.settimeout(PATIENCE)
        address = "{}:{}".format(*listener.getsockname())
        with running_runtime(unused, "sizes.of_size", AWS_LAMBDA_RUNTIME_API=address):
            peer, _ = listener.accept()
            with peer:
                peer.settimeout(PATIENCE)
                peer.recv(65536)
                peer.sendall(Event(7_000_000).answer(1).encode())
                peer.recv(65536)
                peer.sendall(Answer.of(413).encode())
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(65536):
                    pass
            peer, _ = listener.accept()
            with peer:
                assert b"/runtime/invocation/next" in peer.recv(65536)
