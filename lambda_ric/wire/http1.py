"""HTTP/1.1 messages, read from bytes as they arrive, for either end of a connection.

Why our own codec: the runtime cannot afford to import a library on a cold start, Lambda reports
the failure of a stream in *request trailers*, which no Python HTTP server exposes, and two
parsers in one project would disagree with each other. It is fuzzed against h11.

The events are the same however the data arrives, even byte by byte. Everything is bounded: heads,
trailer sections and chunk headers have a largest size. The caller limits the length of a body,
which it receives part by part.
"""

from __future__ import annotations

from lambda_ric.wire.head import (
    CHUNKED,
    UNTIL_CLOSE,
    ProtocolError,
    Response,
    parse_fields,
    parse_response,
    split_lines,
)
from lambda_ric.wire.request import Request, parse_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from lambda_ric.wire.head import Fields

    Event: TypeAlias = "Request | Response | bytes | End"

MAX_HEAD = 1_048_576 + 16_384
"""Largest head or trailer section in bytes: Lambda allows 1 MB, and awslambdaric fills it."""

MAX_CHUNK_HEADER = 1_024
"""Largest chunk header in bytes, extensions included."""

_HEX_DIGITS = b"0123456789abcdefABCDEF"


class ConnectionClosed(ProtocolError):
    """The peer closed the connection between two messages, which it may do at any time."""


class End:
    """The end of a message, with the fields that follow a chunked body."""

    __slots__ = ("trailers",)

    def __init__(self, trailers: Fields) -> None:
        self.trailers = trailers


class Reader:
    """Reads messages one after another: feed it received data, then take events until None.

    The events of a message are its head (Request or Response), the parts of its body (bytes,
    never empty) and one End. Data after an End belongs to the next message.
    """

    __slots__ = ("_at", "_closed", "_data", "_parse_head", "_remaining", "_searched", "_step")

    def __init__(self, parse_head: Callable[[bytes], tuple[Request | Response, int]]) -> None:
        self._parse_head = parse_head
        self._data: bytes | bytearray = b""
        self._at = 0  # everything before this index is consumed
        self._searched = 0  # up to this index no head ends, and no byte is refused
        self._remaining = 0  # bytes still to come of the body or the chunk
        self._closed = False
        self._step: Callable[[Reader], Event | None] = Reader._read_head

    def feed(self, data: bytes) -> None:
        """Take received data; empty data means that the peer has closed its side."""
        if not data:
            self._closed = True
        elif self._at == len(self._data):
            self._data = data
            self._at = self._searched = 0
        else:
            if self._at or type(self._data) is not bytearray:
                self._searched -= self._at
                self._data = bytearray(self._data[self._at :])
                self._at = 0
            self._data += data

    def next_event(self) -> Event | None:
        """Return the next event, or None if it needs more data.

        Raises ProtocolError for data that is not HTTP or ends too early, and ConnectionClosed if
        the peer has closed the connection between messages.
        """
        return self._step(self)

    def read_whole(self, data: bytes) -> tuple[Request | Response, bytes] | None:
        """Return head and body if `data` is one message from its first to its last byte.

        It takes a fraction of the steps of feeding it. Returns None, and has taken nothing, for
        data that is less or more than one message, is chunked, or continues a message; it must be
        fed then. Raises ProtocolError for a malformed head.
        """
        if self._step is not Reader._read_head or self._at != len(self._data):
            return None
        end = data.find(b"\r\n\r\n")
        if end < 0 or end > MAX_HEAD:
            return None
        head, length = self._parse_head(data[:end])
        if len(data) - end - 4 != length or (isinstance(head, Response) and head.status < 200):
            return None
        return head, data[end + 4 :]

    @property
    def idle(self) -> bool:
        """Whether no byte of a next message has arrived."""
        return self._step is Reader._read_head and self._at == len(self._data)

    @property
    def missing(self) -> int:
        """How many bytes of the body or the chunk are still missing, 0 if that is not known.

        Receiving them in one read avoids a copy.
        """
        return self._remaining - (len(self._data) - self._at) if self._remaining else 0

    # The steps. Each consumes what it can, and names the step that follows it.

    def _read_head(self) -> Event | None:
        if self._at == len(self._data):
            if self._closed:
                raise ConnectionClosed("the peer has closed the connection")
            return None
        return self._read_final_head()

    def _read_final_head(self) -> Event | None:
        while True:
            block = self._take_block()
            if block is None:
                return None
            head, length = self._parse_head(block)
            if isinstance(head, Request) or head.status >= 200:
                break
            self._step = Reader._read_final_head  # this was an interim response
        if length == CHUNKED:
            self._step = Reader._read_chunk_header
        elif length == UNTIL_CLOSE:
            self._step = Reader._read_until_close
        else:
            self._remaining = length
            self._step = Reader._read_sized
        return head

    def _read_sized(self) -> Event | None:
        if not self._remaining:
            return self._end([])
        return self._take_part("a body")

    def _read_until_close(self) -> Event | None:
        self._remaining = len(self._data) - self._at
        if self._remaining:
            return self._take_part("a body")
        return self._end([]) if self._closed else None

    def _read_chunk_header(self) -> Event | None:
        line = self._take_line()
        if line is None:
            return None
        size = line.partition(b";")[0]
        if not 1 <= len(size) <= 15 or size.translate(None, _HEX_DIGITS):
            raise ProtocolError("a chunk header is not a hexadecimal size")
        self._remaining = int(size, 16)
        self._searched = self._at
        self._step = Reader._read_chunk if self._remaining else Reader._read_trailers
        return self._step(self)

    def _read_chunk(self) -> Event | None:
        if self._remaining:
            return self._take_part("a chunk")
        line_break = self._data[self._at : self._at + 2]
        if line_break != b"\r\n":
            if len(line_break) == 2 or line_break not in (b"", b"\r"):
                raise ProtocolError("a chunk is longer than its header says")
            self._require_more("a chunk")
            return None
        self._at += 2
        self._step = Reader._read_chunk_header
        return self._read_chunk_header()

    def _read_trailers(self) -> Event | None:
        if self._data[self._at : self._at + 2] == b"\r\n":
            self._at += 2
            return self._end([])
        block = self._take_block()
        if block is None:
            return None
        return self._end(_parse_trailers(block))

    def _end(self, trailers: Fields) -> End:
        self._searched = self._at
        self._step = Reader._read_head
        return End(trailers)

    # Helpers of the steps: each takes a part of the data.

    def _take_part(self, what: str) -> bytes | None:
        """Take the remaining bytes as far as they have arrived, or None."""
        at = self._at
        part = self._data[at : at + self._remaining]
        if not part:
            self._require_more(what)
            return None
        self._at = at + len(part)
        self._remaining -= len(part)
        return bytes(part)  # no copy: a slice of all of a bytes object is the object itself

    def _take_line(self) -> bytes | None:
        at = self._at
        end = self._data.find(b"\n", at, at + MAX_CHUNK_HEADER)
        if end < 0:
            if len(self._data) - at >= MAX_CHUNK_HEADER:
                raise ProtocolError("a chunk header is too long")
            self._require_more("a chunk header")
            return None
        lines = split_lines(bytes(self._data[at : end + 1]))
        if len(lines) != 2:
            raise ProtocolError("a line ends in a bare line feed")
        self._at = end + 1
        return lines[0]

    def _take_block(self) -> bytes | None:
        """Take a head or a trailer section without its empty line, or None if it is incomplete."""
        data, at = self._data, self._at
        end = data.find(b"\r\n\r\n", max(at, self._searched - 3))
        least = (end if end >= 0 else len(data) - 3) - at
        if least > MAX_HEAD:
            raise ProtocolError(f"a head is larger than {MAX_HEAD} bytes", 431)
        if end < 0:
            self._refuse_early()
            self._require_more("a head")
            return None
        self._at = self._searched = end + 4
        return bytes(data[at:end])

    def _refuse_early(self) -> None:
        """Refuse data at once that can no longer become a head, such as a TLS handshake.

        Its end might never come, while the peer waits for a response.
        """
        fresh = bytes(self._data[self._searched :]).removesuffix(b"\r")  # "\n" may follow
        split_lines(fresh)
        self._searched += len(fresh)

    def _require_more(self, what: str) -> None:
        """Raise ProtocolError if the missing data will never come."""
        if self._closed:
            raise ProtocolError(f"the peer closed the connection in the middle of {what}")


def request_reader() -> Reader:
    """Return a reader of requests, for a server."""
    return Reader(parse_request)


def response_reader() -> Reader:
    """Return a reader of responses, for a client that sends neither HEAD nor CONNECT."""
    return Reader(parse_response)


def _parse_trailers(block: bytes) -> Fields:
    fields, _ = parse_fields(split_lines(block))
    for name, _ in fields:
        if name in (b"content-length", b"transfer-encoding"):
            raise ProtocolError("a trailer field speaks of the end of the body, which is over")
    return fields
