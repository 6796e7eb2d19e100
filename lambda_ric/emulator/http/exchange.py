"""One request and its response, as an application of the HTTP server sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from lambda_ric.wire.request import Request
from lambda_ric.wire.writers import encode_chunk, encode_last_chunk, encode_response

if TYPE_CHECKING:
    from lambda_ric.wire.head import Fields

MAX_JOINED = 65_536
"""Bytes up to which head and body are copied together, to leave in one packet."""


class Consumer(Protocol):
    """Takes the body of a request as it arrives: its parts, then its end or an interruption."""

    def data(self, part: bytes) -> None:
        """Take a part of the body, never empty."""

    def end(self, trailers: Fields) -> None:
        """The body is whole."""

    def broken(self) -> None:
        """The peer has gone in the middle of the body."""


class Discard:
    """Discards the body of a request that was answered without it."""

    def data(self, part: bytes) -> None:
        """Drop it."""

    def end(self, trailers: Fields) -> None:
        """Nothing is left to do."""

    def broken(self) -> None:
        """Nothing is left to do."""


class Whole:
    """Collects a body of at most `limit` bytes and calls `then` with it, or `too_large` once."""

    def __init__(
        self,
        limit: int,
        then: Callable[[bytes], None],
        too_large: Callable[[int], None],
    ) -> None:
        self._limit = limit
        self._then = then
        self._too_large = too_large
        self._parts: list[bytes] = []
        self._size = 0

    def data(self, part: bytes) -> None:
        """Keep it, unless the body has become too large."""
        self._size += len(part)
        if self._size <= self._limit:
            self._parts.append(part)
        else:
            self._parts.clear()

    def end(self, trailers: Fields) -> None:
        """Hand the body over."""
        if self._size > self._limit:
            self._too_large(self._size)
        else:
            self._then(b"".join(self._parts))

    def broken(self) -> None:
        """Forget it: nobody waits for a response any more."""
        self._parts.clear()


DISCARD = Discard()


class Wire(Protocol):
    """The operations of a connection that an exchange needs."""

    @property
    def alive(self) -> bool:
        """Whether the peer can still be written to."""

    @property
    def peer(self) -> str:
        """The address of the peer."""

    @property
    def port(self) -> int:
        """The port that the peer speaks to."""

    def send(self, data: bytes) -> None:
        """Write to the peer; nothing happens when it has gone."""

    def send_last(self, data: bytes) -> None:
        """Write the end of a response to the peer."""

    def abort(self) -> None:
        """Close at once."""

    def close(self) -> None:
        """Close when everything written has left."""

    def hold_back(self) -> None:
        """Stop reading from the peer."""

    def release(self) -> None:
        """Read from the peer again."""


class Prepared:
    """A response that is often sent: its bytes are made once. Raises ValueError as `respond`."""

    def __init__(self, status: int, fields: tuple[tuple[str, str], ...], body: bytes) -> None:
        self.status = status
        self.fields = fields
        self.body = body
        self.data = encode_response(status, (*fields, ("Content-Length", str(len(body))))) + body


class Exchange:
    """A request, whose body goes to `consumer`, and the means to answer it, once.

    `body` is the whole body if that came together with the head; an application which takes it
    from here sets no consumer. Otherwise `body` is None.
    `on_gone` is called when the peer leaves before the whole response is written, `on_writable`
    when it has read what was written and `writable` is true again. `more_fields` go into the head
    of the response, whoever writes it. `received` and `answered` say whether the request has
    arrived and the response has been written, both as a whole.
    """

    __slots__ = (
        "_chunked",
        "answered",
        "body",
        "consumer",
        "fields",
        "more_fields",
        "on_gone",
        "on_writable",
        "received",
        "request",
        "started",
        "wire",
        "writable",
    )

    def __init__(self, wire: Wire, request: Request, body: bytes | None = None) -> None:
        self.wire = wire
        self.request = request
        self.body = body
        self.fields = request.values
        self.more_fields: tuple[tuple[str, str], ...] = ()
        if not request.keep_alive:
            self.more_fields = (("Connection", "close"),)
        self.consumer: Consumer = DISCARD
        self.on_gone: Callable[[], None] | None = None
        self.on_writable: Callable[[], None] | None = None
        self.received = body is not None
        self.started = False
        self.answered = False
        self.writable = True
        self._chunked = True

    @property
    def peer(self) -> str:
        """The address of the peer."""
        return self.wire.peer

    @property
    def port(self) -> int:
        """The port that the peer speaks to."""
        return self.wire.port

    def field(self, name: bytes) -> str:
        """Return the value of a field, given in lower case, or "" when it is not there."""
        value = self.fields.get(name)
        return value.decode("utf-8", "replace") if value else ""

    def read_whole(
        self,
        limit: int,
        then: Callable[[bytes], None],
        too_large: Callable[[int], None],
    ) -> None:
        """Call `then` with the whole body, now or later, or `too_large` with its size, once."""
        if self.body is not None and len(self.body) <= limit:
            then(self.body)
        else:
            self.consumer = Whole(limit, then, too_large)

    def respond(
        self, status: int, fields: Iterable[tuple[str, str]] = (), body: bytes = b""
    ) -> None:
        """Send a whole response. Does nothing if a response was begun before.

        Raises ValueError, and has sent nothing, for a control character in a field.
        """
        if self.started:
            return
        length = (("Content-Length", str(len(body))),) if status != 204 else ()
        data = encode_response(status, (*fields, *length, *self.more_fields))
        self.started = self.answered = True
        if self.request.method == b"HEAD":
            body = b""
        if len(body) <= MAX_JOINED:
            self.wire.send_last(data + body)
        else:
            self.wire.send(data)
            self.wire.send_last(body)

    def respond_prepared(self, response: Prepared) -> None:
        """Send a whole response. Does nothing if a response was begun before."""
        if self.more_fields or self.request.method == b"HEAD":
            self.respond(response.status, response.fields, response.body)
        elif not self.started:
            self.started = self.answered = True
            self.wire.send_last(response.data)

    def begin(self, status: int, fields: Iterable[tuple[str, str]]) -> None:
        """Send the head of a response whose body follows in parts.

        To a peer of HTTP/1.0, the end of the connection is the end of the body. Raises
        ValueError, and has sent nothing, for a control character in a field.
        """
        self._chunked = self.request.minor > 0
        if self._chunked:
            fields = (*fields, ("Transfer-Encoding", "chunked"))
        data = encode_response(status, (*fields, *self.more_fields))
        self.started = True
        self.wire.send(data)

    def write(self, data: bytes) -> None:
        """Send a part of a response that was begun; heed `writable` before the next."""
        if not self.answered and self.request.method != b"HEAD":
            self.wire.send(encode_chunk(data) if self._chunked else data)

    def finish(self) -> None:
        """End a response that was begun."""
        if not self.answered:
            self.answered = True
            chunked = self._chunked and self.request.method != b"HEAD"
            self.wire.send_last(encode_last_chunk() if chunked else b"")

    def break_off(self) -> None:
        """Close the connection behind what was written: the peer sees that the rest is missing."""
        self.answered = True
        self.wire.close()

    def abort(self) -> None:
        """Close the connection, whatever is under way."""
        self.wire.abort()

    def hold_back(self) -> None:
        """Stop reading the rest of the request."""
        self.wire.hold_back()

    def release(self) -> None:
        """Continue to read the request."""
        self.wire.release()
