"""Hypothesis strategies for valid messages, and for what becomes of them on a bad day."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

_TOKEN = "!#$%&'*+-.^_`|~" + string.digits + string.ascii_letters
_FRAMING = {b"content-length", b"transfer-encoding", b"host", b"connection", b"upgrade"}
_VISIBLE = bytes(range(0x21, 0x7F))


def _any_of(alphabet: bytes, most: int) -> st.SearchStrategy[bytes]:
    """Up to that many of these bytes; as text they are one choice, and not one each."""
    text = st.text(alphabet.decode("latin-1"), max_size=most)
    return text.map(lambda drawn: drawn.encode("latin-1"))


# All of these are made once: what is made for each draw takes longer than the draw.
_booleans = st.booleans()
_tokens = st.text(_TOKEN, min_size=1, max_size=12).map(str.encode)
_methods = _tokens.filter(lambda word: word != b"CONNECT")
_targets = _any_of(_VISIBLE, 20)
_text = _any_of(_VISIBLE + bytes(range(0x80, 0x100)) + b" \t", 30)
_blanks = st.sampled_from([b"", b" ", b"  ", b"\t", b" \t "])
_names = _tokens.filter(lambda name: name.lower() not in _FRAMING)
_field_lists = st.lists(st.tuples(_names, _text), max_size=6)
_bodies = st.binary(max_size=60)
_cases: st.SearchStrategy[Callable[[bytes], bytes]] = st.sampled_from(
    [bytes, bytes.lower, bytes.upper, bytes.title]
)
_chunk_sizes = st.sampled_from([b"%x", b"%X", b"%04x", b"%015X"])
_extensions = st.just(b"") | _text.map(lambda text: b";" + text)
_chunks = st.lists(st.binary(min_size=1, max_size=40), max_size=5)
_connections = st.sampled_from([None, b"keep-alive", b"close", b"foo, Close", b"closed"])
_interim = st.lists(st.sampled_from([100, 102, 103]), max_size=2)
_statuses = st.integers(200, 999)
_bodiless = st.sampled_from([204, 304])
_reasons = st.just(b"") | _text.map(lambda text: b" " + text)
_framings_of_old_requests = st.sampled_from(["none", "sized"])
_framings_of_requests = st.sampled_from(["none", "sized", "chunked"])
_framings_of_responses = st.sampled_from(["until-close", "sized", "chunked"])
_framings_without_body = st.sampled_from(["none", "only-length"])


@dataclass(frozen=True)
class Valid:
    """A message as sent, and what it means."""

    wire: bytes
    body: bytes
    trailers: list[tuple[bytes, bytes]]
    last: bool
    """The connection ends with it."""


def _field_block(draw: st.DrawFn, fields: list[tuple[bytes, bytes]]) -> bytes:
    """Write fields with any blanks around the values that the grammar allows."""
    lines = [name + b":" + draw(_blanks) + value + draw(_blanks) for name, value in fields]
    return b"".join([line + b"\r\n" for line in lines])


def _any_case(draw: st.DrawFn, name: bytes) -> bytes:
    return draw(_cases)(name)


def _chunk(draw: st.DrawFn, data: bytes) -> bytes:
    return draw(_chunk_sizes) % len(data) + draw(_extensions) + b"\r\n" + data


def _chunked(draw: st.DrawFn) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
    parts = draw(_chunks)
    trailers = draw(_field_lists)
    wire = b"".join([_chunk(draw, part) + b"\r\n" for part in parts])
    wire += _chunk(draw, b"") + _field_block(draw, trailers) + b"\r\n"
    return wire, b"".join(parts), [(name.lower(), value.strip(b" \t")) for name, value in trailers]


@st.composite
def requests(draw: st.DrawFn) -> Valid:
    method = draw(_methods)
    target = b"/" + draw(_targets)
    old = draw(_booleans)
    framing = draw(_framings_of_old_requests if old else _framings_of_requests)
    start = method + b" " + target + (b" HTTP/1.0" if old else b" HTTP/1.1")
    host = [] if old and draw(_booleans) else [(_any_case(draw, b"host"), b"localhost:9001")]
    return _message(draw, start, framing, old, host)


@st.composite
def responses(draw: st.DrawFn) -> Valid:
    before = b"".join([b"HTTP/1.1 %d \r\n\r\n" % status for status in draw(_interim)])
    status = draw(_bodiless) if draw(_booleans) else draw(_statuses)
    framing = draw(_framings_without_body if status in (204, 304) else _framings_of_responses)
    old = framing != "chunked" and draw(_booleans)
    start = (b"HTTP/1.0 %d" if old else b"HTTP/1.1 %d") % status + draw(_reasons)
    message = _message(draw, start, framing, old, [])
    return Valid(before + message.wire, message.body, message.trailers, message.last)


def _message(
    draw: st.DrawFn, start: bytes, framing: str, old: bool, fields: list[tuple[bytes, bytes]]
) -> Valid:
    fields = fields + draw(_field_lists)
    connection = draw(_connections)
    if connection is not None:
        fields.append((_any_case(draw, b"connection"), connection))
    wire = body = b""
    trailers: list[tuple[bytes, bytes]] = []
    if framing == "chunked":
        fields.append((_any_case(draw, b"transfer-encoding"), _any_case(draw, b"chunked")))
        wire, body, trailers = _chunked(draw)
    elif framing == "only-length":
        fields.append((b"content-length", b"7"))
    elif framing != "none":
        wire = body = draw(_bodies)
    if framing == "sized":
        fields.append((_any_case(draw, b"content-length"), b"%d" % len(body)))
    order = draw(st.permutations(fields))
    head = start + b"\r\n" + _field_block(draw, order) + b"\r\n"
    closing = connection is not None and b"close" in connection.lower().split(b", ")
    last = old or closing or framing == "until-close"
    return Valid(head + wire, body, trailers, last)


_requests, _responses = requests(), responses()


@st.composite
def pipelines(draw: st.DrawFn, role: str) -> list[Valid]:
    """One to three messages on one connection, none after one that ends it."""
    one = _requests if role == "request" else _responses
    messages = [draw(one)]
    while not messages[-1].last and len(messages) < 3 and draw(_booleans):
        messages.append(draw(one))
    return messages


_DISTURBING = [
    *(bytes([byte]) for byte in b"\r\n\0 \t:;,+-_0x\x0b\x7f\x80"),
    b"\r\n",
    b"\r\n\r\n",
    b"\r\n folded",
    b"Content-Length: 5\r\n",
    b"Content-Length: +5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: gzip, chunked\r\n",
    b"0\r\nContent-Length: +5\r\n\r\n",
    b" ;a=b",
    b"Host: other\r\n",
    b"Connection: close\r\n",
    b"0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
]


_numbers_of_changes = st.integers(1, 3)
_lengths_cut_out = st.sampled_from([0, 0, 1, 1, 2, 5, 30])
_put_in = st.sampled_from([None, b"", *_DISTURBING])  # None: what was cut out, twice


@st.composite
def mutations(draw: st.DrawFn, role: str) -> bytes:
    """A few valid messages with a few things cut out, doubled, overwritten or put in."""
    data = b"".join([message.wire for message in draw(pipelines(role))])
    for _ in range(draw(_numbers_of_changes)):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(_lengths_cut_out))
        put = draw(_put_in)
        put = data[start:end] * 2 if put is None else put
        data = data[:start] + put + data[end:]
    return data
