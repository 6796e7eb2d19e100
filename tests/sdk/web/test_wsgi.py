"""WSGI applications of all kinds, good and bad, as handlers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from typing import Any
from wsgiref.validate import validator

import pytest

from lambda_ric import wsgi
from lambda_ric.testing import HandlerResult, events, invoke
from tests.sdk.web.front_doors import FRONT_DOORS, Seen, Send

Environ = dict[str, Any]
HEADERS = [("Content-Type", "text/plain")]

both_ways = pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
each_front_door = pytest.mark.parametrize("send", FRONT_DOORS, ids=lambda send: send.__name__)


def call(app: Any, event: Any = None, **options: Any) -> HandlerResult:
    return invoke(wsgi(app, **options), events.function_url() if event is None else event)


def answer(app: Any, stream: bool) -> tuple[int, bytes, HandlerResult]:
    """Return status and body of the answer, whichever way it came."""
    result = call(app, stream=stream)
    if stream:
        assert result.prelude is not None, result.error
        return result.prelude["statusCode"], b"".join(result.chunks), result
    seen = Seen(result.payload)
    return seen.status, seen.body, result


def shows(environ: Environ, start_response: Any) -> list[bytes]:
    """Answer with what the request is, as JSON."""
    start_response("200 OK", [("Content-Type", "application/json")])
    shown = {key: value for key, value in environ.items() if isinstance(value, str)}
    shown["body"] = environ["wsgi.input"].read().hex()
    return [json.dumps(shown).encode()]


@each_front_door
def test_the_environment_is_what_the_specification_asks_for(send: Send) -> None:
    event = send("POST", "/gr%C3%B6%C3%9Fe", query="a=1&b=2", body=b"\xff", cookies=["a=1", "b=2"])
    shown = json.loads(Seen(call(shows, event).payload).body)
    assert shown["REQUEST_METHOD"] == "POST"
    assert shown["PATH_INFO"].encode("latin-1").decode() == "/größe"
    assert shown["SCRIPT_NAME"] == ("/prod" if send.__name__ == "rest_api" else "")
    assert shown["QUERY_STRING"] == "a=1&b=2"
    assert (shown["CONTENT_LENGTH"], shown["body"]) == ("1", "ff")
    assert shown["CONTENT_TYPE"] == "application/octet-stream"
    assert (shown["SERVER_PORT"], shown["wsgi.url_scheme"]) == ("443", "https")
    assert (shown["REMOTE_ADDR"], shown["HTTP_COOKIE"]) == ("203.0.113.7", "a=1; b=2")


@each_front_door
def test_the_standard_librarys_judge_finds_nothing(send: Send) -> None:
    @validator
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", HEADERS)
        return [environ["wsgi.input"].read(-1)]

    seen = Seen(call(app, send("POST", "/", body="hello")).payload)
    assert (seen.status, seen.body) == (200, b"hello")


def test_a_header_with_an_underscore_is_not_taken_for_another() -> None:
    headers = {"x-user": "ada", "x_user": "eve"}
    shown = json.loads(call(shows, events.function_url(headers=headers)).payload["body"])
    assert shown["HTTP_X_USER"] == "ada"


def test_it_runs_in_the_thread_that_serves() -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", HEADERS)
        return [threading.current_thread().name.encode()]

    assert answer(app, False)[1].decode() == threading.current_thread().name


class Pieces:
    """A body that notes when it is taken and closed."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.closed = 0
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        self.closed += 1


@both_ways
def test_the_body_is_closed_once(stream: bool) -> None:
    pieces = Pieces([b"a", b"", b"b"])

    def app(environ: Environ, start_response: Any) -> Pieces:
        start_response("201 Created", HEADERS)
        return pieces

    status, content, result = answer(app, stream)
    assert (status, content, pieces.closed) == (201, b"ab", 1)
    assert result.chunks == ([b"a", b"b"] if stream else [])


@both_ways
def test_what_is_written_goes_before_the_body(stream: bool) -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        write = start_response("200 OK", HEADERS)
        write(b"first ")
        write(b"second ")
        return [b"third"]

    assert answer(app, stream)[1] == b"first second third"


@both_ways
def test_start_response_may_come_with_the_first_piece(stream: bool) -> None:
    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        yield b""
        start_response("202 Accepted", HEADERS)
        yield b"late"

    assert answer(app, stream)[:2] == (202, b"late")


@both_ways
def test_an_empty_answer_is_one(stream: bool) -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("204 No Content", [])
        return []

    assert answer(app, stream)[:2] == (204, b"")


def fails(environ: Environ, start_response: Any) -> list[bytes]:
    raise ValueError("no")


def fails_after_the_start(environ: Environ, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", HEADERS)
    yield b""
    raise ValueError("no")


def does_not_start(environ: Environ, start_response: Any) -> list[bytes]:
    return [b"x"]


def does_nothing(environ: Environ, start_response: Any) -> list[bytes]:
    return []


def starts_twice(environ: Environ, start_response: Any) -> list[bytes]:
    start_response("200 OK", HEADERS)
    start_response("200 OK", HEADERS)
    return []


def splits_a_header(environ: Environ, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("X-A", "1\r\nSet-Cookie: b=2")])
    return []


def returns_none(environ: Environ, start_response: Any) -> None:
    start_response("200 OK", HEADERS)


BAD = [
    fails,
    fails_after_the_start,
    does_not_start,
    does_nothing,
    starts_twice,
    splits_a_header,
    returns_none,
]


@both_ways
@pytest.mark.parametrize("app", BAD, ids=lambda app: app.__name__)
def test_a_failing_application_is_a_500_and_a_log_entry(app: Any, stream: bool) -> None:
    status, content, result = answer(app, stream)
    assert (status, content, result.error) == (500, b"Internal Server Error", None)
    assert "Exception in WSGI application" in result.logs


def fails_half_way(environ: Environ, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", HEADERS)
    yield b"half"
    raise ValueError("half-way")


def test_a_streamed_answer_that_has_begun_breaks_off() -> None:
    result = call(fails_half_way, stream=True)
    assert result.chunks == [b"half"]
    assert result.error is not None
    assert result.error["errorMessage"] == "half-way"


@both_ways
def test_an_application_may_replace_an_answer_that_has_not_begun(stream: bool) -> None:
    def app(environ: Environ, start_response: Any) -> list[bytes]:
        start_response("200 OK", HEADERS)
        try:
            raise ValueError("late")
        except ValueError as error:
            start_response("503 Busy", HEADERS, (type(error), error, error.__traceback__))
        return [b"sorry"]

    assert answer(app, stream)[:2] == (503, b"sorry")


def test_an_answer_that_has_begun_cannot_be_replaced() -> None:
    def app(environ: Environ, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", HEADERS)
        yield b"half"
        try:
            raise ValueError("late")
        except ValueError as error:
            start_response("503 Busy", HEADERS, (type(error), error, error.__traceback__))
        yield b"sorry"

    result = call(app, stream=True)
    assert result.chunks == [b"half"]
    assert result.error is not None
    assert result.error["errorMessage"] == "late"


def test_an_error_when_the_body_is_closed_is_logged_alone() -> None:
    class Broken(Pieces):
        def close(self) -> None:
            raise ValueError("cannot close")

    def app(environ: Environ, start_response: Any) -> Broken:
        start_response("200 OK", HEADERS)
        return Broken([b"fine"])

    status, content, result = answer(app, False)
    assert (status, content) == (200, b"fine")
    assert "cannot close" in result.logs


def test_an_answer_without_end_ends_at_the_limit_and_is_closed() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 100_000

    pieces = Pieces(endless())

    def app(environ: Environ, start_response: Any) -> Pieces:
        start_response("200 OK", HEADERS)
        return pieces

    error = call(app).error
    assert error is not None
    assert (error["errorType"], pieces.closed) == ("Function.ResponseSizeTooLarge", 1)


def test_another_event_is_posted() -> None:
    assert call(shows, events.sqs("hello")).payload["PATH_INFO"] == "/events"
