"""What is malformed is refused: whole and byte by byte, each shape by itself."""

from __future__ import annotations

import pytest

from lambda_ric.wire.head import ProtocolError
from lambda_ric.wire.http1 import ConnectionClosed, Reader, request_reader, response_reader
from tests.wire.reading import byte_by_byte, read, whole

POST = b"POST / HTTP/1.1\r\nHost: h\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
TLS_HELLO = bytes.fromhex("16030100f8010000f40303") + bytes(32)

HEADS = {
    "both lengths": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    "both lengths, turned": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
    "one length twice": POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\n",
    "a list of lengths": POST + b"Content-Length: 3, 3\r\n\r\n",
    "an empty length": POST + b"Content-Length:\r\n\r\n",
    "a length with a plus": POST + b"Content-Length: +5\r\n\r\n",
    "a length with a minus": POST + b"Content-Length: -5\r\n\r\n",
    "a length with an underscore": POST + b"Content-Length: 5_0\r\n\r\n",
    "a length in hexadecimal": POST + b"Content-Length: 0x5\r\n\r\n",
    "a length in letters": POST + b"Content-Length: a\r\n\r\n",
    "a length in other digits": POST + "Content-Length: \u0665\r\n\r\n".encode(),
    "a length with a blank inside": POST + b"Content-Length: 5 0\r\n\r\n",
    "a length beyond all bounds": POST + b"Content-Length: " + b"9" * 40 + b"\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
    "a coding before chunked": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
    "a coding that is not chunked": POST + b"Transfer-Encoding: identity\r\n\r\n",
    "a coding with a vertical tab": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n",
    "an empty coding": POST + b"Transfer-Encoding:\r\n\r\n",
    "a coding in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a host longer than any name": b"GET / HTTP/1.1\r\nHost: " + b"h" * 301 + b"\r\n\r\n",
    "two hosts in HTTP/1.0": b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
    "a folded line": POST + b"A: b\r\n c\r\n\r\n",
    "a fold before any field": b"GET / HTTP/1.1\r\n Host: h\r\n\r\n",
    "a blank before the colon": POST + b"A : b\r\n\r\n",
    "a tab before the colon": POST + b"A\t: b\r\n\r\n",
    "a field without a name": POST + b": b\r\n\r\n",
    "a field without a colon": POST + b"A\r\n\r\n",
    "a field name of many words": POST + b"A b: c\r\n\r\n",
    "a field name in UTF-8": POST + "\u00e4: b\r\n\r\n".encode(),
    "a NUL in a value": POST + b"A: b\0c\r\n\r\n",
    "a NUL in a name": POST + b"A\0: b\r\n\r\n",
    "an escape in a value": POST + b"A: \x1b[0m\r\n\r\n",
    "a delete in a value": POST + b"A: \x7f\r\n\r\n",
    "a form feed in a value": POST + b"A: \x0c\r\n\r\n",
    "a bare line feed": POST + b"A: b\nC: d\r\n\r\n",
    "a bare carriage return": POST + b"A: b\rC: d\r\n\r\n",
    "two carriage returns": POST + b"A: b\r\r\nC: d\r\n\r\n",
    "line feeds alone": b"GET / HTTP/1.1\nHost: h\n\n",
    "an empty line before": b"\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "an empty line alone": b"\r\n\r\n",
    "a target with a blank": b"GET /a b HTTP/1.1\r\nHost: h\r\n\r\n",
    "a target in UTF-8": "GET /\u00e4 HTTP/1.1\r\nHost: h\r\n\r\n".encode(),
    "two blanks in the request line": b"GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
    "a tab in the request line": b"GET\t/ HTTP/1.1\r\nHost: h\r\n\r\n",
    "no target": b"GET HTTP/1.1\r\nHost: h\r\n\r\n",
    "no method": b" / HTTP/1.1\r\nHost: h\r\n\r\n",
    "a method that is not a token": b"G(T / HTTP/1.1\r\nHost: h\r\n\r\n",
    "HTTP/0.9": b"GET /\r\n\r\n",
    "a version in lower case": b"GET / http/1.1\r\nHost: h\r\n\r\n",
    "a response": b"HTTP/1.1 200 OK\r\n\r\n",
    "the greeting of TLS": TLS_HELLO,
}

BODIES = {
    "no chunk size": b"\r\nabc\r\n0\r\n\r\n",
    "an extension without a size": b";a=b\r\n\r\n",
    "a chunk size with a sign": b"+3\r\nabc\r\n0\r\n\r\n",
    "a chunk size with an underscore": b"1_0\r\n0123456789abcdef\r\n0\r\n\r\n",
    "a chunk size with a prefix": b"0x3\r\nabc\r\n0\r\n\r\n",
    "a chunk size with a blank before": b" 3\r\nabc\r\n0\r\n\r\n",
    "a chunk size with a blank after": b"3 \r\nabc\r\n0\r\n\r\n",
    "a blank before an extension": b"3 ;a\r\nabc\r\n0\r\n\r\n",
    "a chunk size that is no number": b"g\r\nabc\r\n0\r\n\r\n",
    "a chunk size beyond all bounds": b"f" * 16 + b"\r\nabc",
    "a chunk longer than said": b"2\r\nabc\r\n0\r\n\r\n",
    "a chunk shorter than said": b"4\r\nabc\r\n0\r\n\r\n",
    "a chunk that ends in a line feed": b"3\r\nabc\n0\r\n\r\n",
    "a chunk that ends in a carriage return": b"3\r\nabc\r0\r\n\r\n",
    "a chunk header that ends in a line feed": b"3\nabc\r\n0\r\n\r\n",
    "a carriage return in a chunk header": b"3;a\rb\r\nabc\r\n0\r\n\r\n",
    "a NUL in a chunk header": b"3;a\0b\r\nabc\r\n0\r\n\r\n",
    "a long chunk header": b"3;" + b"a" * 1_024 + b"\r\nabc\r\n0\r\n\r\n",
    "a bare line feed in the trailers": b"0\r\nA: b\nC: d\r\n\r\n",
    "a bare line feed for trailers": b"0\r\n\n",
    "a bare carriage return in the trailers": b"0\r\nA: b\rC: d\r\n\r\n",
    "a folded trailer": b"0\r\nA: b\r\n c\r\n\r\n",
    "a NUL in the trailers": b"0\r\nA: \0\r\n\r\n",
    "a trailer without a colon": b"0\r\nA\r\n\r\n",
    "a length among the trailers": b"0\r\nContent-Length: 5\r\n\r\n",
    "a coding among the trailers": b"0\r\nTransfer-Encoding: chunked\r\n\r\n",
}

RESPONSES = {
    "a status of two digits": b"HTTP/1.1 20 OK\r\n\r\n",
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n\r\n",
    "a status with a sign": b"HTTP/1.1 +20 OK\r\n\r\n",
    "a status below 100": b"HTTP/1.1 099 OK\r\n\r\n",
    "no status": b"HTTP/1.1\r\n\r\n",
    "two blanks before the status": b"HTTP/1.1  200 OK\r\n\r\n",
    "a switch of protocols": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "a bad length beside 204": b"HTTP/1.1 204 No Content\r\nContent-Length: x\r\n\r\n",
    "a bad length in an interim response": b"HTTP/1.1 100 C\r\nContent-Length: x\r\n\r\n",
    "a NUL in the reason": b"HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n",
    "another protocol": b"ICY 200 OK\r\n\r\n",
    "a request": b"GET / HTTP/1.1\r\nHost: h\r\n\r\n",
}


def assert_refused(role: str, wire: bytes, status: int | None = None) -> None:
    for parts in (whole(wire), byte_by_byte(wire)):
        reading = read(role, parts)
        assert isinstance(reading.error, ProtocolError), "it was not refused at once"
        assert reading.complete == []
        if status is not None:
            assert reading.error.status == status


@pytest.mark.parametrize("wire", HEADS.values(), ids=HEADS)
def test_a_malformed_request_head_is_refused(wire: bytes) -> None:
    assert_refused("request", wire)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_malformed_chunked_body_is_refused(body: bytes) -> None:
    assert_refused("request", CHUNKED + body)


@pytest.mark.parametrize("wire", RESPONSES.values(), ids=RESPONSES)
def test_a_malformed_response_head_is_refused(wire: bytes) -> None:
    assert_refused("response", wire)


@pytest.mark.parametrize("character", [*range(0x09), *range(0x0B, 0x0D), *range(0x0E, 0x20), 0x7F])
def test_no_control_character_but_a_tab_passes(character: int) -> None:
    bad = bytes([character])
    assert_refused("request", b"GET /" + bad + b" HTTP/1.1\r\nHost: h\r\n\r\n")
    assert_refused("request", POST + b"A" + bad + b": b\r\n\r\n")
    assert_refused("request", POST + b"A: b" + bad + b"c\r\n\r\n")
    assert_refused("request", CHUNKED + b"0;" + bad + b"\r\n\r\n")
    assert_refused("request", CHUNKED + b"0\r\nA: b" + bad + b"c\r\n\r\n")
    assert_refused("response", b"HTTP/1.1 200 O" + bad + b"K\r\nContent-Length: 0\r\n\r\n")


@pytest.mark.parametrize(
    ("wire", "status"),
    [
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET / HTTP/2\r\nHost: h\r\n\r\n", 505),
        (b"GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505),
        (b"GET / HTTP/0.9\r\nHost: h\r\n\r\n", 505),
        (b"GET / FTP/1.1\r\nHost: h\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: deflate\r\n\r\n", 501),
        (POST + b"A: " + b"a" * 1_100_000 + b"\r\n\r\n", 431),
        (POST + b"Content-Length: 1,2\r\n\r\n", 400),
    ],
)
def test_a_refusal_has_the_status_for_the_client(wire: bytes, status: int) -> None:
    reading = read("request", whole(wire))
    assert isinstance(reading.error, ProtocolError)
    assert reading.error.status == status


@pytest.mark.parametrize(
    "begun",
    [
        b"G",
        b"GET / HTTP/1.1\r\n",
        POST + b"\r",
        POST + b"Content-Length: 3\r\n\r\n",
        POST + b"Content-Length: 3\r\n\r\nab",
        CHUNKED,
        CHUNKED + b"3",
        CHUNKED + b"3\r\n",
        CHUNKED + b"3\r\nab",
        CHUNKED + b"3\r\nabc",
        CHUNKED + b"3\r\nabc\r",
        CHUNKED + b"3\r\nabc\r\n",
        CHUNKED + b"0\r\n",
        CHUNKED + b"0\r\nA: b\r\n",
    ],
)
def test_a_message_cut_off_is_an_error_not_a_close(begun: bytes) -> None:
    reading = read("request", whole(begun), end=True)
    assert isinstance(reading.error, ProtocolError)
    assert reading.complete == []


def test_a_connection_closed_after_an_interim_response_broke_off_the_message() -> None:
    reading = read("response", whole(b"HTTP/1.1 100 Continue\r\n\r\n"), end=True)
    assert isinstance(reading.error, ProtocolError)


@pytest.mark.parametrize("reader", [request_reader(), response_reader()])
def test_a_connection_may_close_between_messages(reader: Reader) -> None:
    assert reader.next_event() is None
    assert reader.idle
    reader.feed(b"")
    with pytest.raises(ConnectionClosed):
        reader.next_event()


def test_a_reader_is_idle_only_between_messages() -> None:
    reader = request_reader()
    observed = []
    for byte in byte_by_byte(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"):
        observed.append(reader.idle)
        reader.feed(byte)
        assert not reader.idle
        while reader.next_event() is not None:
            pass
    assert observed == [True] + [False] * (len(observed) - 1)
    assert reader.idle
