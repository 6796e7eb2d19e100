"""StreamingResponse and HttpPrelude: what they stream, and the metadata that goes before it."""

from __future__ import annotations

import pytest

from lambda_ric.wire.runtime_api import HTTP_INTEGRATION_TYPE
from tests.support.runtime import serving
from tests.support.streams import END_OF_PRELUDE, PIECES, error_of, post_of, prelude_of, use


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


@pytest.mark.measured
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


@pytest.mark.measured
def test_a_content_type_with_a_line_break_is_the_handlers_error() -> None:
    post = post_of("returns_streaming_response", content_type="a\r\nX: y")
    assert post.target.endswith("/error")
    assert post.json()["errorType"] == "ValueError"


def test_a_stream_of_something_not_iterable_is_an_error_of_the_handler() -> None:
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


@pytest.mark.measured
def test_a_prelude_after_the_body_has_begun_is_an_error() -> None:
    post = post_of("with_late_prelude")
    assert post.body == b"body"
    assert post.trailer("Lambda-Runtime-Function-Error-Type") == "Runtime.MarshalError"
    assert error_of(post)["errorMessage"] == (
        "Unable to marshal response: HttpPrelude must come first"
    )


def test_a_prelude_can_be_all() -> None:
    assert post_of("nothing_but_a_prelude").body == b'{"statusCode": 204}' + END_OF_PRELUDE


@pytest.mark.measured
def test_empty_pieces_do_not_end_the_stream() -> None:
    assert prelude_of(post_of("empty_pieces")) == ({"statusCode": 200}, b"x")
