"""Streamed responses, byte for byte as the Runtime API receives them."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from lambda_ric.testing import Answer, Delivery, Event
from lambda_ric.testing.recording import RecordedRequest
from lambda_ric.wire.runtime_api import HTTP_INTEGRATION_TYPE, STREAM_TYPE
from tests.support.runtime import RunningRuntime, serving

END_OF_PRELUDE = b"\0" * 8
PIECES = "onezwöi 2three-4-".encode()


def use(handler: str, **event: object) -> Event:
    return Event({"use": handler, **event})


def post_of(handler: str, **event: object) -> RecordedRequest:
    """Return what a handler brings about; the process must outlive it."""
    with serving("streams.chosen", [use(handler, **event), use("plain")]) as runtime:
        first, second = runtime.posts(2)
        assert second.json() == "plain"
        assert runtime.api.violations == []
    return first


def error_of(post: RecordedRequest) -> Any:
    body = post.trailer("Lambda-Runtime-Function-Error-Body")
    assert body is not None
    return json.loads(base64.b64decode(body, validate=True))


def prelude_of(post: RecordedRequest) -> tuple[dict[str, object], bytes]:
    prelude, end, body = post.body.partition(END_OF_PRELUDE)
    assert end
    return json.loads(prelude), body


def test_the_head_of_a_stream_is_what_the_runtime_api_asks_for() -> None:
    post = post_of("three")
    assert post.target.endswith("/00000000-0000-4000-8000-000000000001/response")
    assert post.header("Lambda-Runtime-Function-Response-Mode") == "streaming"
    assert post.header("Transfer-Encoding") == "chunked"
    assert post.header("Content-Type") == STREAM_TYPE
    assert post.header("Content-Length") is None
    assert [value for name, value in post.fields if name == b"Trailer"] == [
        b"Lambda-Runtime-Function-Error-Type",
        b"Lambda-Runtime-Function-Error-Body",
    ]
    assert post.trailers == []


@pytest.mark.parametrize(
    "handler",
    ["three", "three_async", "coroutine_returns_generator", "decorated", "decorated_async"],
)
def test_generators_of_all_kinds_stream(handler: str) -> None:
    post = post_of(handler)
    assert post.body == PIECES
    assert [part for _, part in post.parts] == [
        b"one",
        "zwöi 2".encode(),
        b"three",
        b"-4-",
    ]


@pytest.mark.parametrize(
    ("handler", "body"),
    [
        ("handler_object", b"from an object"),
        ("bound_method", b"from a method"),
        ("partial", b"partial"),
    ],
)
def test_handlers_that_are_no_functions_stream(handler: str, body: bytes) -> None:
    assert post_of(handler).body == body
    with serving(f"streams.{handler}", [Event()]) as runtime:
        assert runtime.posts(1)[0].body == body


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("list", b"ab"),
        ("text", b"whole"),
        ("bytes", b"whole"),
        ("sync", PIECES),
        ("async", PIECES),
        ("closable", b"x"),
    ],
)
def test_a_streaming_response_streams_any_body(kind: str, body: bytes) -> None:
    post = post_of("returns_streaming_response", body=kind, content_type="text/plain; x=ä")
    assert post.body == body
    assert post.header("Content-Type") == "text/plain; x=ä"


def test_a_text_as_body_is_one_piece() -> None:
    post = post_of("returns_streaming_response", body="text")
    assert [part for _, part in post.parts] == [b"whole"]


def test_a_body_that_can_be_closed_is_closed() -> None:
    event = use("returns_streaming_response", body="closable")
    with serving("streams.chosen", [event]) as runtime:
        runtime.posts(1)
        runtime.until_logged("closed the body")


def test_a_streaming_response_with_http_metadata_begins_with_a_prelude() -> None:
    post = post_of(
        "returns_streaming_response",
        content_type="text/event-stream",
        status_code=202,
        headers={"X-A": "b"},
        cookies=["c=d"],
    )
    prelude, body = prelude_of(post)
    assert post.header("Content-Type") == HTTP_INTEGRATION_TYPE
    assert prelude == {
        "statusCode": 202,
        "headers": {"content-type": "text/event-stream", "X-A": "b"},
        "cookies": ["c=d"],
    }
    assert body == b"ab"


def test_a_content_type_among_the_headers_stays() -> None:
    post = post_of("returns_streaming_response", headers={"Content-Type": "a/b"})
    assert prelude_of(post)[0]["headers"] == {"Content-Type": "a/b"}


def test_a_content_type_with_a_line_break_is_the_handlers_error() -> None:
    post = post_of("returns_streaming_response", content_type="a\r\nX: y")
    assert post.target.endswith("/error")
    assert post.json()["errorType"] == "ValueError"


def test_what_cannot_be_iterated_is_the_handlers_error() -> None:
    post = post_of("returns_streaming_response", body="number")
    assert post.target.endswith("/error")
    assert post.json()["errorType"] == "TypeError"


def test_a_generator_may_begin_with_a_prelude() -> None:
    post = post_of("with_prelude")
    assert post.header("Content-Type") == HTTP_INTEGRATION_TYPE
    assert prelude_of(post) == (
        {"statusCode": 201, "headers": {"X-A": "ä", "X-N": "1"}, "cookies": ["a=b", "c=d"]},
        b"body",
    )


def test_a_prelude_after_the_body_has_begun_is_an_error() -> None:
    post = post_of("with_late_prelude")
    assert post.body == b"body"
    assert post.trailer("Lambda-Runtime-Function-Error-Type") == "Runtime.MarshalError"
    assert error_of(post)["errorMessage"] == (
        "Unable to marshal response: HttpPrelude must come first"
    )


def test_an_empty_stream_is_an_empty_response() -> None:
    post = post_of("nothing")
    assert (post.body, post.trailers, post.complete) == (b"", [], True)


def test_a_prelude_can_be_all() -> None:
    assert post_of("nothing_but_a_prelude").body == b'{"statusCode": 204}' + END_OF_PRELUDE


def test_empty_pieces_do_not_end_the_stream() -> None:
    assert prelude_of(post_of("empty_pieces")) == ({"statusCode": 200}, b"x")


@pytest.mark.parametrize(
    ("handler", "message"),
    [("wrong_piece", "not dict"), ("surrogate", "surrogates not allowed")],
)
def test_a_piece_that_cannot_be_sent_ends_the_stream_with_an_error(
    handler: str, message: str
) -> None:
    post = post_of(handler)
    assert post.body == b"right"
    assert post.trailer("Lambda-Runtime-Function-Error-Type") == "Runtime.MarshalError"
    assert message in str(error_of(post)["errorMessage"])


@pytest.mark.parametrize("handler", ["fails_at_once", "fails_at_once_async"])
def test_a_failure_before_the_first_byte_is_an_ordinary_error(handler: str) -> None:
    post = post_of(handler)
    assert post.target.endswith("/error")
    assert post.json()["errorMessage"] == "before"
    assert len(post.json()["stackTrace"]) == 1
    assert handler in post.json()["stackTrace"][0]


@pytest.mark.parametrize("handler", ["fails_later", "fails_later_async"])
def test_a_failure_after_the_first_byte_is_told_in_trailers(handler: str) -> None:
    with serving("streams.chosen", [use(handler)]) as runtime:
        (post,) = runtime.posts(1)
        runtime.until_logged("[ERROR] OddError: after")
    assert post.body == b"begun"
    assert [name for name, _ in post.trailers] == [
        b"lambda-runtime-function-error-type",
        b"lambda-runtime-function-error-body",
    ]
    assert post.trailer("Lambda-Runtime-Function-Error-Type") == "Function.OddError"
    error = error_of(post)
    assert error["errorType"] == "OddError"
    assert error["errorMessage"] == "after"
    assert error["requestId"] == "00000000-0000-4000-8000-000000000001"
    assert [handler in entry for entry in error["stackTrace"]] == [True]


def block_of_trailers(post: RecordedRequest) -> bytes:
    return b"".join([b"%b: %b\r\n" % field for field in post.trailers]) + b"\r\n"


@pytest.mark.parametrize("message", ["x", "ä", "\n", "\U0001f40d"])
def test_trailers_never_exceed_what_the_runtime_api_takes(message: str) -> None:
    post = post_of("fails_later", message=message, times=1_000_000)
    assert len(block_of_trailers(post)) <= 4096
    error = error_of(post)
    assert error["stackTrace"] == []
    assert 400 < len(str(error["errorMessage"])) < 4096
    assert set(str(error["errorMessage"])) == {message}


def test_of_a_deep_stack_the_innermost_frames_are_kept() -> None:
    post = post_of("fails_deep", depth=200)
    assert len(block_of_trailers(post)) <= 4096
    stack = error_of(post)["stackTrace"]
    assert isinstance(stack, list)
    assert len(stack) > 5
    assert 'raise OddError("deep")' in stack[-1]


def test_an_error_type_that_is_no_header_value_is_unknown() -> None:
    post = post_of("fails_oddly_named")
    assert post.trailer("Lambda-Runtime-Function-Error-Type") == "Function.Unknown"
    assert error_of(post)["errorType"] == "Line\r\nFeed"


@pytest.mark.parametrize("error", ["Undelivered", "RuntimeApiError"])
def test_an_error_of_the_runtimes_own_kind_is_still_the_handlers(error: str) -> None:
    post = post_of("raises_what_the_runtime_raises", error=error)
    assert (post.body, post.complete) == (b"begun", True)
    assert error_of(post)["errorMessage"] == "mine"


def test_system_exit_in_a_stream_ends_the_process() -> None:
    with serving("streams.exits", [Event()]) as runtime:
        assert runtime.exit_code() == 7


def test_a_piece_is_on_the_wire_when_it_is_yielded(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    with serving("streams.first_then_wait", [Event({"gate": str(gate)})]) as runtime:
        api = runtime.api
        api.wait_for(lambda: any(request.body == b"first" for request in api.requests))
        assert api.posts == []
        gate.touch()
        assert runtime.posts(1)[0].body == b"firstsecond"


def test_a_stream_that_is_refused_for_its_size_is_logged_and_the_next_one_served() -> None:
    script = [use("three"), use("plain")]
    with serving("streams.chosen", script, posts=[413]) as runtime:
        assert runtime.posts(2)[1].json() == "plain"
        runtime.until_logged("[ERROR] Function.ResponseSizeTooLarge: a streamed response exceeded")


@pytest.mark.parametrize("status", [400, 403, 500])
def test_a_stream_that_is_refused_otherwise_ends_the_process_with_one_line(status: int) -> None:
    with serving("streams.three", [Event()], posts=[status]) as runtime:
        assert runtime.exit_code() == 1
        assert f"answered {status} to the result of an invocation" in runtime.log
        assert "Traceback" not in runtime.log


def test_no_answer_after_a_stream_is_logged_and_the_next_one_served() -> None:
    silence = Answer(delivery=Delivery(cut=0))
    with serving("streams.chosen", [use("three"), use("plain")], posts=[silence]) as runtime:
        assert runtime.posts(2)[1].json() == "plain"
        runtime.until_logged("[ERROR] Function.StreamInterrupted:", "before it had answered")


class HalfReader:
    """A Runtime API that reads the beginning of a stream and then nothing more."""

    def __init__(self, events: list[bytes]) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = "{}:{}".format(*self._listener.getsockname())
        self._events = events
        self._peers: list[socket.socket] = []
        self.streams: list[socket.socket] = []
        self.served: list[bytes] = []
        self.changed = threading.Condition()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            self._peers.append(peer)
            threading.Thread(target=self._serve_connection, args=(peer,), daemon=True).start()

    def _serve_connection(self, peer: socket.socket) -> None:
        while True:
            head = b""
            while b"\r\n\r\n" not in head:
                try:
                    data = peer.recv(1024)
                except OSError:
                    data = b""
                if not data:
                    return
                head += data
            if b"streaming" in head:
                with self.changed:
                    self.streams.append(peer)
                    self.changed.notify_all()
                return
            if head.startswith(b"POST"):
                with self.changed:
                    self.served.append(head)
                    self.changed.notify_all()
                peer.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                continue
            if not self._events:
                return  # the connection stays open, as one that waits for an event
            event = self._events.pop(0)
            number = len(self._events)
            peer.sendall(
                b"HTTP/1.1 200 OK\r\nLambda-Runtime-Aws-Request-Id: id-%d\r\n"
                b"Lambda-Runtime-Deadline-Ms: 0\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (number, len(event), event)
            )

    def wait_for(self, what: str) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: getattr(self, what), 30)

    def close(self) -> None:
        self._listener.close()
        for peer in self._peers:
            peer.close()


MakeReader = Callable[..., HalfReader]


@pytest.fixture
def half_reader() -> Iterator[MakeReader]:
    readers: list[HalfReader] = []

    def make(*events: dict[str, object]) -> HalfReader:
        readers.append(HalfReader([json.dumps(event).encode() for event in events]))
        return readers[0]

    yield make
    for reader in readers:
        reader.close()


def start(reader: HalfReader, handler: str) -> AbstractContextManager[RunningRuntime]:
    return serving(handler, environ={"AWS_LAMBDA_RUNTIME_API": reader.address})


def settled(runtime: RunningRuntime, progress: Path) -> str:
    """Wait until the handler makes no progress any more, and return how far it has come."""
    seen: list[str] = []

    def stands_still() -> bool:
        now = progress.read_text() if progress.exists() else ""
        seen.append(now)
        return bool(now) and len(seen) > 30 and set(seen[-30:]) == {now}

    runtime.until(stands_still)
    return seen[-1]


def test_a_peer_that_stops_reading_stops_the_handler_not_the_process(
    half_reader: MakeReader, tmp_path: Path
) -> None:
    progress = tmp_path / "progress"
    reader = half_reader({"use": "endless", "progress": str(progress)}, {"use": "plain"})
    with start(reader, "streams.chosen") as runtime:
        reader.wait_for("streams")
        pieces = int(settled(runtime, progress))
        assert pieces * 65536 < 64 * 1024 * 1024  # no more than the buffers of two sockets
        reader.streams[0].close()
        reader.wait_for("served")
        log = runtime.until_logged("finally after True")
        assert "[ERROR] Function.StreamInterrupted: the Runtime API at" in log


def test_an_async_generator_runs_its_finally_when_the_peer_goes_away(
    half_reader: MakeReader,
) -> None:
    reader = half_reader({"use": "endless_async"}, {"use": "plain"})
    with start(reader, "streams.chosen") as runtime:
        reader.wait_for("streams")
        reader.streams[0].close()
        reader.wait_for("served")
        log = runtime.until_logged("finally of async")
        assert "Function.StreamInterrupted" in log
        assert "left behind" not in log


def test_an_error_in_the_finally_of_a_closed_generator_is_logged(half_reader: MakeReader) -> None:
    reader = half_reader({"use": "stubborn"}, {"use": "plain"})
    with start(reader, "streams.chosen") as runtime:
        reader.wait_for("streams")
        reader.streams[0].close()
        reader.wait_for("served")
        runtime.until_logged("[ERROR] KeyError: 'in finally'", "StreamInterrupted")
