"""Sizes have bounds, and the work grows with the size alone, whatever the pace."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from lambda_ric.wire import head
from lambda_ric.wire.head import ProtocolError
from lambda_ric.wire.http1 import MAX_CHUNK_HEADER, MAX_HEAD, request_reader
from tests.wire.reading import byte_by_byte, pieces, read, whole

REQUEST = b"POST / HTTP/1.1\r\nHost: h\r\n"
CHUNKED = REQUEST + b"Transfer-Encoding: chunked\r\n\r\n"


def head_of(size: int) -> bytes:
    """Return a head of this size without its empty line."""
    return REQUEST + b"A: " + b"a" * (size - len(REQUEST) - 3)


def last_bytes_one_by_one(data: bytes) -> list[bytes]:
    return [data[:-9], *byte_by_byte(data[-9:])]


@pytest.mark.parametrize("split", [whole, last_bytes_one_by_one])
def test_a_head_of_the_largest_size_is_read_and_one_byte_more_is_not(
    split: Callable[[bytes], list[bytes]],
) -> None:
    largest = read("request", split(head_of(MAX_HEAD) + b"\r\n\r\n"))
    assert len(largest.complete) == 1
    beyond = read("request", split(head_of(MAX_HEAD + 1) + b"\r\n\r\n"))
    assert isinstance(beyond.error, ProtocolError)
    assert beyond.error.status == 431


def test_names_are_read_however_many_have_been_and_few_are_kept() -> None:
    for number in range(0, 2_000, 50):
        lines = "".join([f"X-Name-{n}: {n}\r\n" for n in range(number, number + 50)])
        (message,) = read("request", whole(REQUEST + lines.encode() + b"\r\n")).complete
        assert message.fields[-1] == (b"x-name-%d" % (number + 49), b"%d" % (number + 49))
    assert len(head._names) < 300


def test_a_head_too_large_is_refused_before_its_end_comes() -> None:
    reading = read("request", whole(head_of(MAX_HEAD + 4)))
    assert isinstance(reading.error, ProtocolError)
    assert reading.error.status == 431


@pytest.mark.parametrize("split", [whole, last_bytes_one_by_one])
def test_trailers_have_the_bound_of_a_head(split: Callable[[bytes], list[bytes]]) -> None:
    field = b"A: " + b"a" * (MAX_HEAD - 3)
    largest = read("request", split(CHUNKED + b"0\r\n" + field + b"\r\n\r\n"))
    assert [len(message.trailers) for message in largest.complete] == [1]
    beyond = read("request", split(CHUNKED + b"0\r\n" + field + b"a\r\n\r\n"))
    assert isinstance(beyond.error, ProtocolError)


@pytest.mark.parametrize("split", [whole, byte_by_byte])
def test_a_chunk_header_has_a_bound(split: Callable[[bytes], list[bytes]]) -> None:
    header = b"3;" + b"a" * (MAX_CHUNK_HEADER - 4) + b"\r\n"
    rest = b"abc\r\n0\r\n\r\n"
    assert read("request", split(CHUNKED + header + rest)).complete[0].body == b"abc"
    beyond = read("request", split(CHUNKED + b"0" + header + rest))
    assert isinstance(beyond.error, ProtocolError)
    endless = read("request", split(CHUNKED + b"3;" + b"a" * MAX_CHUNK_HEADER))
    assert isinstance(endless.error, ProtocolError)


def test_interim_responses_without_number_are_read_in_one_step() -> None:
    wire = b"HTTP/1.1 100 Continue\r\n\r\n" * 20_000 + b"HTTP/1.1 204 No Content\r\n\r\n"
    assert [message.start for message in read("response", whole(wire)).complete] == [(204,)]


def test_a_body_is_handed_over_as_it_comes() -> None:
    reader = request_reader()
    reader.feed(REQUEST + b"Content-Length: 6000000\r\n\r\n")
    reader.next_event()
    part = bytes(60_000)
    for remaining in reversed(range(100)):
        reader.feed(part)
        assert reader.next_event() is part, "a part of a body is copied"
        assert (reader.next_event() is None) == (remaining > 0)
    assert reader.idle


@pytest.mark.slow
@pytest.mark.independent
@pytest.mark.parametrize(
    ("make", "size"),
    [
        (lambda size: byte_by_byte(head_of(size) + b"\r\n\r\n"), 48 * 1_024),
        (lambda size: byte_by_byte(CHUNKED + b"0\r\nA: " + b"a" * size + b"\r\n\r\n"), 32 * 1_024),
        (lambda size: whole(CHUNKED + b"1\r\na\r\n" * size + b"0\r\n\r\n"), 10_000),
        (lambda size: byte_by_byte(CHUNKED + b"1\r\na\r\n" * size + b"0\r\n\r\n"), 5_000),
        (lambda size: byte_by_byte(REQUEST + b"a: b\r\n" * size + b"\r\n"), 6_000),
        (lambda size: whole((REQUEST + b"\r\n") * size), 4_000),
    ],
    ids=[
        "a head byte by byte",
        "trailers byte by byte",
        "small chunks at once",
        "small chunks byte by byte",
        "many fields byte by byte",
        "many requests at once",
    ],
)
def test_eight_times_the_size_takes_about_eight_times_the_work(
    make: Callable[[int], list[bytes]], size: int
) -> None:
    """Quadratic work would take 64 times as long: 24 leaves room for a busy machine."""
    small, large = make(size), make(8 * size)
    ratios = []
    for _ in range(3):
        ratios.append(_seconds(large) / _seconds(small))
        if ratios[-1] < 24:
            return
    pytest.fail(f"8 times the size took {ratios} times as long")


def _seconds(parts: list[bytes]) -> float:
    """Return the processor time of reading these parts."""
    start = time.process_time()
    assert read("request", parts).error is None
    return time.process_time() - start


def test_feeding_far_ahead_of_the_reading_is_linear_too() -> None:
    wire = (REQUEST + b"Content-Length: 3\r\n\r\nabc") * 5_000
    parts = pieces(wire, range(0, len(wire), 7))
    assert len(read("request", parts, drain=False).complete) == 5_000
