"""Streamed responses, byte for byte as the Runtime API receives them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from lambda_ric.testing import Answer, Delivery, Event
from lambda_ric.testing.recording import RecordedRequest
from lambda_ric.wire.runtime_api import STREAM_TYPE
from tests.support.half_reader import HalfReader
from tests.support.runtime import RunningRuntime, serving
from tests.support.streams import PIECES, error_of, post_of, use

pytestmark = pytest.mark.slow


def test_the_head_of_a_stream_is_as_the_runtime_api_requires() -> None:
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


def test_an_empty_stream_is_an_empty_response() -> None:
    post = post_of("nothing")
    assert (post.body, post.trailers, post.complete) == (b"", [], True)


@pytest.mark.measured
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
def test_a_failure_after_the_first_byte_is_reported_in_trailers(handler: str) -> None:
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


@pytest.mark.measured
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


def test_an_error_type_that_no_header_can_carry_is_unknown() -> None:
    post = post_of("fails_oddly_named")
    assert post.trailer("Lambda-Runtime-Function-Error-Type") == "Function.Unknown"
    assert error_of(post)["errorType"] == "Line\r\nFeed"


@pytest.mark.parametrize("error", ["Undelivered", "RuntimeApiError"])
def test_an_error_of_the_runtimes_own_kind_is_still_the_handlers(error: str) -> None:
    post = post_of("raises_what_the_runtime_raises", error=error)
    assert (post.body, post.complete) == (b"begun", True)
    assert error_of(post)["errorMessage"] == "mine"


@pytest.mark.measured
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


@pytest.mark.measured
def test_no_answer_after_a_stream_is_logged_and_the_next_one_served() -> None:
    silence = Answer(delivery=Delivery(cut=0))
    with serving("streams.chosen", [use("three"), use("plain")], posts=[silence]) as runtime:
        assert runtime.posts(2)[1].json() == "plain"
        runtime.until_logged("[ERROR] Function.StreamInterrupted:", "before it had answered")


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


@pytest.mark.measured
def test_an_error_in_the_finally_of_a_closed_generator_is_logged(half_reader: MakeReader) -> None:
    reader = half_reader({"use": "stubborn"}, {"use": "plain"})
    with start(reader, "streams.chosen") as runtime:
        reader.wait_for("streams")
        reader.streams[0].close()
        reader.wait_for("served")
        runtime.until_logged("[ERROR] KeyError: 'in finally'", "StreamInterrupted")
