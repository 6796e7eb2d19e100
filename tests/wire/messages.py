"""Hypothesis strategies for valid messages, and for what becomes of them on a bad day."""

from __future__ import annotations

import string
from dataclasses import dataclass

from hypothesis import strategies as st

_TOKEN = "!#$%&'*+-.^_`|~" + string.digits + string.ascii_letters
_FRAMING = {b"content-length", b"transfer-encoding", b"host", b"connection", b"upgrade"}
_VISIBLE = bytes(range(0x21, 0x7F))

_tokens = st.text(_TOKEN, min_size=1, max_size=12).map(str.encode)
_text = st.lists(st.sampled_from(_VISIBLE + bytes(range(0x80, 0x100)) + b" \t"), max_size=30).map(
    bytes
)
_blanks = st.sampled_from([b"", b" ", b"  ", b"\t", b" \t "])
_names = _tokens.filter(lambda name: name.lower() not in _FRAMING)
_field_lists = st.lists(st.tuples(_names, _text), max_size=6)
_bodies = st.binary(max_size=60)


@dataclass(frozen=True)
class Valid:
    """A message as sent, and what it means."""

    wire: bytes
    body: bytes
    trailers: list[tuple[bytes, bytes]]
    last: bool
    """The connection ends with it."""


@st.composite
def _field_block(draw: st.DrawFn, fields: list[tuple[bytes, bytes]]) -> bytes:
    """Write fields with any blanks around the values that the grammar allows."""
    lines = [name + b":" + draw(_blanks) + value + draw(_blanks) for name, value in fields]
    return b"".join([line + b"\r\n" for line in lines])


@st.composite
def _any_case(draw: st.DrawFn, name: bytes) -> bytes:
    return draw(st.sampled_from([name, name.lower(), name.upper(), name.title()]))


@st.composite
def _chunk(draw: st.DrawFn, data: bytes) -> bytes:
    size = draw(st.sampled_from([b"%x", b"%X", b"%04x", b"%015X"])) % len(data)
    extension = draw(st.just(b"") | _text.map(lambda text: b";" + text))
    return size + extension + b"\r\n" + data


@st.composite
def _chunked(draw: st.DrawFn) -> tuple[bytes, bytes, list[tuple[bytes, bytes]]]:
    parts = draw(st.lists(st.binary(min_size=1, max_size=40), max_size=5))
    trailers = draw(_field_lists)
    wire = b"".join([draw(_chunk(part)) + b"\r\n" for part in parts])
    wire += draw(_chunk(b"")) + draw(_field_block(trailers)) + b"\r\n"
    return wire, b"".join(parts), [(name.lower(), value.strip(b" \t")) for name, value in trailers]


@st.composite
def requests(draw: st.DrawFn) -> Valid:
    method = draw(_tokens.filter(lambda word: word != b"CONNECT"))
    target = b"/" + draw(st.lists(st.sampled_from(_VISIBLE), max_size=20).map(bytes))
    old = draw(st.booleans())
    framing = draw(st.sampled_from(["none", "sized"] if old else ["none", "sized", "chunked"]))
    start = method + b" " + target + (b" HTTP/1.0" if old else b" HTTP/1.1")
    host = [] if old and draw(st.booleans()) else [(draw(_any_case(b"host")), b"localhost:9001")]
    return draw(_message(start, framing, old, host))


@st.composite
def responses(draw: st.DrawFn) -> Valid:
    interim = draw(st.lists(st.sampled_from([100, 102, 103]), max_size=2))
    before = b"".join([b"HTTP/1.1 %d \r\n\r\n" % status for status in interim])
    status = draw(st.integers(200, 999))
    if draw(st.booleans()):
        status = draw(st.sampled_from([204, 304]))
    framing = draw(st.sampled_from(["until-close", "sized", "chunked"]))
    if status in (204, 304):
        framing = draw(st.sampled_from(["none", "only-length"]))
    old = framing != "chunked" and draw(st.booleans())
    reason = draw(st.just(b"") | _text.map(lambda text: b" " + text))
    start = (b"HTTP/1.0 %d" if old else b"HTTP/1.1 %d") % status + reason
    message = draw(_message(start, framing, old, []))
    return Valid(before + message.wire, message.body, message.trailers, message.last)


@st.composite
def _message(
    draw: st.DrawFn, start: bytes, framing: str, old: bool, fields: list[tuple[bytes, bytes]]
) -> Valid:
    fields = fields + draw(_field_lists)
    connection = draw(st.sampled_from([None, b"keep-alive", b"close", b"foo, Close", b"closed"]))
    if connection is not None:
        fields.append((draw(_any_case(b"connection")), connection))
    wire = body = b""
    trailers: list[tuple[bytes, bytes]] = []
    if framing == "chunked":
        fields.append((draw(_any_case(b"transfer-encoding")), draw(_any_case(b"chunked"))))
        wire, body, trailers = draw(_chunked())
    elif framing == "only-length":
        fields.append((b"content-length", b"7"))
    elif framing != "none":
        wire = body = draw(_bodies)
    if framing == "sized":
        fields.append((draw(_any_case(b"content-length")), b"%d" % len(body)))
    order = draw(st.permutations(fields))
    head = start + b"\r\n" + draw(_field_block(order)) + b"\r\n"
    closing = connection is not None and b"close" in connection.lower().split(b", ")
    last = old or closing or framing == "until-close"
    return Valid(head + wire, body, trailers, last)


@st.composite
def pipelines(draw: st.DrawFn, role: str) -> list[Valid]:
    """One to three messages on one connection, none after one that ends it."""
    one = requests() if role == "request" else responses()
    messages = [draw(one)]
    while not messages[-1].last and len(messages) < 3 and draw(st.booleans()):
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


@st.composite
def mutations(draw: st.DrawFn, role: str) -> bytes:
    """A few valid messages with a few things cut out, doubled, overwritten or put in."""
    data = b"".join([message.wire for message in draw(pipelines(role))])
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 0, 1, 1, 2, 5, 30])))
        put = draw(st.sampled_from([b"", data[start:end] * 2, *_DISTURBING]))
        data = data[:start] + put + data[end:]
    return data
