"""Reading messages with our codec and with h11, so that the two can be compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

import h11

from lambda_ric.wire.head import ProtocolError, Response
from lambda_ric.wire.http1 import ConnectionClosed, End, Reader, request_reader, response_reader
from lambda_ric.wire.request import Request

Fields = list[tuple[bytes, bytes]]


@dataclass
class Message:
    """What a message means, whoever has read it."""

    start: tuple[object, ...]
    fields: Fields
    keep_alive: bool
    body: bytearray = field(default_factory=bytearray)
    trailers: Fields = field(default_factory=list)
    complete: bool = False


@dataclass
class Reading:
    """The messages read from a connection, the last of them perhaps in part."""

    messages: list[Message]
    error: Exception | None = None

    @property
    def complete(self) -> list[Message]:
        """The whole messages up to the one that ends the connection."""
        whole = [message for message in self.messages if message.complete]
        for count, message in enumerate(whole, 1):
            if not message.keep_alive:
                return whole[:count]
        return whole


def whole(data: bytes) -> list[bytes]:
    return [data]


def byte_by_byte(data: bytes) -> list[bytes]:
    return [data[at : at + 1] for at in range(len(data))]


def pieces(data: bytes, cuts: Iterable[int]) -> list[bytes]:
    """Cut the data at these places, wherever they fall modulo its length."""
    places = sorted({cut % len(data) for cut in cuts} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(places)]


def read(role: str, parts: Iterable[bytes], *, end: bool = False, drain: bool = True) -> Reading:
    """Read with our codec: `role` is "request" or "response", `end` closes the connection.

    Without `drain` no event is taken before all is fed.
    """
    reader = request_reader() if role == "request" else response_reader()
    reading = Reading([])
    try:
        for part in parts:
            reader.feed(part)
            if drain:
                _take_events(reader, reading)
        _take_events(reader, reading)
        if end:
            reader.feed(b"")
            _take_events(reader, reading)
    except ConnectionClosed:
        pass
    except ProtocolError as error:
        reading.error = error
    return reading


def _take_events(reader: Reader, reading: Reading) -> None:
    while (event := reader.next_event()) is not None:
        match event:
            case Request():
                start = (event.method, event.target)
                fields = _as_h11_spells_them(event.fields)
                reading.messages.append(Message(start, fields, event.keep_alive))
            case Response():
                fields = _as_h11_spells_them(event.fields)
                reading.messages.append(Message((event.status,), fields, event.keep_alive))
            case End():
                reading.messages[-1].trailers = event.trailers
                reading.messages[-1].complete = True
            case bytes():
                assert event, "a part of a body is never empty"
                reading.messages[-1].body += event


def _as_h11_spells_them(fields: Fields) -> Fields:
    """Return the fields with the one value in lower case that h11 hands over so."""
    return [
        (name, value.lower() if name == b"transfer-encoding" else value) for name, value in fields
    ]


def read_with_h11(role: str, data: bytes, *, end: bool = False) -> Reading:
    """Read with h11, which is told that each message is answered or asked for."""
    ours = h11.SERVER if role == "request" else h11.CLIENT
    connection = h11.Connection(ours, max_incomplete_event_size=1 << 30)
    reading = Reading([])
    try:
        connection.receive_data(data)
        if end:
            connection.receive_data(b"")
        while _read_message_with_h11(connection, reading):
            connection.start_next_cycle()
    except h11.RemoteProtocolError as error:
        reading.error = error
    return reading


def _read_message_with_h11(connection: h11.Connection, reading: Reading) -> bool:
    """Read one message; return whether another may follow."""
    if connection.our_role is h11.CLIENT:
        connection.send(h11.Request(method="GET", target="/", headers=[("Host", "h")]))
        connection.send(h11.EndOfMessage())
    while True:
        match connection.next_event():
            case h11.Request() as head:
                start: tuple[object, ...] = (head.method, head.target)
                reading.messages.append(Message(start, list(head.headers), True))
            case h11.Response() as head:
                reading.messages.append(Message((head.status_code,), list(head.headers), True))
            case h11.InformationalResponse():
                pass
            case h11.Data() as data:
                reading.messages[-1].body += data.data
            case h11.EndOfMessage() as last:
                message = reading.messages[-1]
                message.trailers = list(last.headers)
                message.complete = True
                message.keep_alive = connection.their_state is h11.DONE
                break
            case _:  # more is needed, or the connection is closed
                return False
    if connection.our_role is h11.SERVER and message.keep_alive:
        connection.send(h11.Response(status_code=204, headers=[]))
        connection.send(h11.EndOfMessage())
    return message.keep_alive
