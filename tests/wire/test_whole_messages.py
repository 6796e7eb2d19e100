"""The short ways to read a message that came in one piece find what the long way finds."""

from __future__ import annotations

import pytest
from hypothesis import given

from lambda_ric.wire.head import ProtocolError, response_at_once
from lambda_ric.wire.http1 import request_reader, response_reader
from lambda_ric.wire.request import Request, parse_request
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


REQUESTS = pipelines("request").map(lambda messages: b"".join([m.wire for m in messages]))


@given(REQUESTS | mutations("request"))
def test_a_reader_reads_a_whole_request_as_it_reads_its_parts(data: bytes) -> None:
    reading = read("request", whole(data))
    reader = request_reader()
    try:
        found = reader.read_whole(data)
    except ProtocolError:
        assert reading.error is not None
        return
    assert reader.idle
    if found is not None:
        head, body = found
        assert isinstance(head, Request)
        assert reading.error is None
        (message,) = reading.messages
        assert message.complete
        assert message.start == (head.method, head.target)
        assert (message.keep_alive, bytes(message.body)) == (head.keep_alive, body)


def test_a_head_that_a_peer_repeats_is_remembered_when_it_comes_again() -> None:
    head = b"GET /next HTTP/1.1\r\nHost: a\r\nB: 1\r\nB: 2"
    first, again = parse_request(head), parse_request(head)
    assert first is not again
    assert parse_request(head) is again
    for request, _ in (first, again):
        assert request.values == {b"host": b"a", b"b": b"2"}
    refused = b"GET /next HTTP/1.1"
    for _ in range(2):
        with pytest.raises(ProtocolError, match="Host"):
            parse_request(refused)


STARTS = (b"GET  HTTP/1.1", b"GET / HTTP/1.0", b"GET /\x7f HTTP/1.1", b"/")


@pytest.mark.parametrize("start", STARTS)
def test_fields_that_are_remembered_do_not_let_another_start_pass(start: bytes) -> None:
    fields = b"\r\nHost: a\r\nContent-Length: 3"
    for number in range(3):
        request, length = parse_request(b"POST /%d HTTP/1.1" % number + fields)
        assert (request.target, request.keep_alive, length) == (b"/%d" % number, True, 3)
    try:
        request, _ = parse_request(start + fields)
    except ProtocolError:
        return
    assert (request.minor, request.keep_alive) == (0, False)


def test_few_heads_are_remembered_and_no_long_one() -> None:
    head = b"GET /%d HTTP/1.1\r\nHost: a"
    parse_request(head % 0)
    first = parse_request(head % 0)
    for number in range(1, 1_000):
        for _ in range(2):
            assert parse_request(head % number)[0].target == b"/%d" % number
    assert parse_request(head % 0) is not first
    long = head % 0 + b"\r\nB: " + 2_000 * b"b"
    assert parse_request(long) is not parse_request(long)


def test_a_reader_in_the_middle_of_a_message_takes_none_whole() -> None:
    request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    reader = request_reader()
    reader.feed(request[:5])
    assert reader.read_whole(request) is None
    reader.feed(request[5:])
    assert reader.read_whole(request) is None


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcd",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_reader_takes_no_less_and_no_more_than_one_request_whole(data: bytes) -> None:
    reader = request_reader()
    assert reader.read_whole(data) is None
    assert reader.idle


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
