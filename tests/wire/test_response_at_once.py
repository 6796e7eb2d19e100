"""The short way to read a response that came in one piece finds what the long way finds."""

from __future__ import annotations

import pytest
from hypothesis import given

from lambda_ric.wire.head import ProtocolError, response_at_once
from lambda_ric.wire.http1 import response_reader
from tests.wire.messages import mutations, pipelines
from tests.wire.reading import read, whole

WIRES = pipelines("response").map(lambda messages: b"".join([m.wire for m in messages]))


@given(WIRES | mutations("response"))
def test_it_finds_the_same_as_a_reader(data: bytes) -> None:
    reading = read("response", whole(data))
    try:
        found = response_at_once(data)
    except ProtocolError:
        assert reading.error is not None
        return
    if found is not None:
        head, body = found
        assert reading.error is None
        (message,) = reading.messages
        assert message.complete
        assert (message.start, message.keep_alive) == ((head.status,), head.keep_alive)
        assert (len(message.fields), bytes(message.body)) == (len(head.fields), body)


def test_it_reads_a_response_with_a_length() -> None:
    found = response_at_once(b"HTTP/1.1 202 Accepted\r\nA: b\r\nContent-Length: 3\r\n\r\nabc")
    assert found is not None
    head, body = found
    assert (head.status, head.fields) == (202, [(b"a", b"b"), (b"content-length", b"3")])
    assert (head.keep_alive, body) == (True, b"abc")


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\nuntil the end",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_it_leaves_to_a_reader_all_but_exactly_one_response(data: bytes) -> None:
    assert response_at_once(data) is None


def test_the_reader_says_how_much_of_a_body_is_missing() -> None:
    reader = response_reader()
    reader.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
    assert reader.missing == 0  # nobody has asked for the head yet
    reader.next_event()
    assert reader.missing == 8
    assert (reader.next_event(), reader.next_event()) == (b"ab", None)
    assert reader.missing == 8
    reader.feed(b"cdefghij")
    assert (reader.missing, reader.next_event()) == (0, b"cdefghij")
