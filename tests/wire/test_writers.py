"""What is written is read back alike, by our readers and by h11."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.wire.writers import (
    encode_chunk,
    encode_last_chunk,
    encode_request,
    encode_response,
)
from tests.wire.reading import Message, read, read_with_h11, whole

CONTROLS = [chr(code) for code in (*range(0x09), *range(0x0A, 0x20), 0x7F)]
NAMES = st.text(string.ascii_letters + string.digits + "-_!#$%&'*+.^`|~", min_size=1, max_size=9)
VALUES = st.text(
    st.characters(codec="utf-8", exclude_characters=CONTROLS, exclude_categories=["Cs"])
).map(lambda text: text.strip(" \t"))
FIELDS = st.lists(
    st.tuples(
        NAMES.filter(
            lambda name: (
                name.lower()
                not in ("host", "content-length", "transfer-encoding", "connection", "upgrade")
            )
        ),
        VALUES,
    ),
    max_size=5,
)


def as_read(fields: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in fields]


def read_by_both(role: str, wire: bytes) -> Message:
    """Read the one message there is, with both readers, and return it."""
    (ours,) = read(role, whole(wire), end=True).complete
    (theirs,) = read_with_h11(role, wire, end=True).complete
    assert ours == theirs
    return ours


@given(NAMES.filter(lambda name: name != "CONNECT"), FIELDS, st.binary(max_size=50))
def test_a_request_is_read_back(method: str, fields: list[tuple[str, str]], body: bytes) -> None:
    fields = [("Host", "h"), *fields, ("Content-Length", str(len(body)))]
    message = read_by_both("request", encode_request(method, "/a?b=%20", fields) + body)
    assert message.start == (method.encode(), b"/a?b=%20")
    assert message.fields == as_read(fields)
    assert message.body == body


@given(st.integers(200, 599), FIELDS)
def test_a_response_is_read_back(status: int, fields: list[tuple[str, str]]) -> None:
    fields = [*fields, ("Content-Length", "0")]
    message = read_by_both("response", encode_response(status, fields))
    assert message.start == (status,)
    assert message.fields == as_read(fields)


@given(st.lists(st.binary(max_size=300), max_size=5), FIELDS)
def test_a_chunked_body_and_its_trailers_are_read_back(
    parts: list[bytes], trailers: list[tuple[str, str]]
) -> None:
    head = encode_response(200, [("Transfer-Encoding", "chunked")])
    chunks = b"".join([encode_chunk(part) for part in parts])
    message = read_by_both("response", head + chunks + encode_last_chunk(trailers))
    assert message.body == b"".join(parts)
    assert message.trailers == as_read(trailers)


def test_an_empty_chunk_does_not_end_the_body() -> None:
    assert encode_chunk(b"") == b""


def test_a_reason_follows_the_status() -> None:
    assert encode_response(404, []) == b"HTTP/1.1 404 Not Found\r\n\r\n"
    assert encode_response(599, []) == b"HTTP/1.1 599 Unknown\r\n\r\n"


@pytest.mark.parametrize("control", CONTROLS)
def test_no_control_character_is_written(control: str) -> None:
    for name, value in (("a" + control, "b"), ("a", control), ("a", "b" + control + "c")):
        with pytest.raises(ValueError, match="field"):
            encode_request("GET", "/", [(name, value)])
        with pytest.raises(ValueError, match="field"):
            encode_response(200, [(name, value)])
        with pytest.raises(ValueError, match="field"):
            encode_last_chunk([(name, value)])
    with pytest.raises(ValueError, match="target"):
        encode_request("GET", "/" + control, [])
    with pytest.raises(ValueError, match="method"):
        encode_request("GET" + control, "/", [])


@pytest.mark.parametrize(
    ("method", "target", "name"),
    [
        ("", "/", "a"),
        ("GET /", "/", "a"),
        ("G\u00c4T", "/", "a"),
        ("GET", "", "a"),
        ("GET", "/ HTTP/1.0", "a"),
        ("GET", "/\u00e4", "a"),
        ("GET", "/", ""),
        ("GET", "/", "a b"),
        ("GET", "/", "a:b"),
        ("GET", "/", "\u00e4"),
    ],
)
def test_heads_that_no_reader_accepts_are_not_written(method: str, target: str, name: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        encode_request(method, target, [(name, "value")])
