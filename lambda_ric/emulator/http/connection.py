"""One connection of the HTTP server: it reads requests, and keeps its peer within limits."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from time import monotonic
from typing import Protocol

from lambda_ric.emulator.http.exchange import DISCARD, Exchange
from lambda_ric.emulator.http.limits import Limits
from lambda_ric.wire.head import ProtocolError
from lambda_ric.wire.http1 import ConnectionClosed, End, request_reader
from lambda_ric.wire.request import Request
from lambda_ric.wire.writers import encode_response

MAX_PIPELINED = 65_536
"""Bytes accepted behind a request that is still being answered."""


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Server(Protocol):
    """What a connection needs of its server."""

    limits: Limits
    connections: set[Connection]

    @property
    def application(self) -> Callable[[Exchange], None]:
        """What each exchange is handed to."""

    def admit(self, connection: Connection) -> None:
        """Take a new connection, or close it."""

    def soon(self, callback: Callable[[], None]) -> None:
        """Call back after a short moment, in which a peer's system can answer."""


class Connection(asyncio.Protocol):
    """One connection: requests one after another, each answered before the next is read.

    `being_served` means that a complete request waits for its response.
    """

    transport: asyncio.Transport

    def __init__(self, server: Server) -> None:
        self._server = server
        self.reader = request_reader()
        self.exchange: Exchange | None = None
        self.being_served = False
        self._advancing = False
        self._buffered = False  # the reader may hold more data than was taken from it
        self._closing = False
        self.peer_closed = False  # its sending side
        self._ahead = 0  # bytes received while an earlier request is being answered
        self.unread_since: float | None = None
        self.heard_at = self.useful_at = monotonic()

    @property
    def alive(self) -> bool:
        """Whether the peer can still be written to."""
        return not self._closing

    @property
    def peer(self) -> str:
        """The address of the peer."""
        return str(self.transport.get_extra_info("peername")[0])

    @property
    def port(self) -> int:
        """The port that the peer speaks to."""
        return int(self.transport.get_extra_info("sockname")[1])

    # Called by asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._server.admit(self)

    def data_received(self, data: bytes) -> None:
        """Continue to read, as far as the responses to earlier requests allow."""
        self.heard_at = monotonic()
        if self.exchange is None and not self._closing:
            try:
                whole = self.reader.read_whole(data)
            except ProtocolError as error:
                self.refuse(error.status, str(error))
                return
            if whole is not None:
                self.useful_at = self.heard_at
                self._serve_whole(*whole)  # type: ignore[arg-type]  # it reads requests
                return
            if self.reader.idle:
                self.useful_at = self.heard_at
        self.reader.feed(data)
        self._buffered = True
        if self.being_served or self.unread_since is not None:
            self._ahead += len(data)
            if self._ahead > MAX_PIPELINED:
                self.transport.pause_reading()
        elif not self._advancing:
            self._advance()

    def eof_received(self) -> bool:
        """Keep the connection open while the peer can still get its response.

        A peer that has gone altogether looks the same at first. An interim response makes its
        operating system say so; any other peer skips it.
        """
        self.peer_closed = True
        if not self._server.limits.half_closed or not self.being_served:
            return False
        exchange = self.exchange
        if exchange is not None and exchange.request.minor and not exchange.started:
            self.send(CONTINUE)
            self._server.soon(self.look_whether_gone)
        return True

    def pause_writing(self) -> None:
        """Let the application know that the peer reads too slowly."""
        self.unread_since = monotonic()
        if self.exchange is not None:
            self.exchange.writable = False

    def resume_writing(self) -> None:
        """Let the application know that the peer has caught up, and read further requests."""
        self.unread_since = None
        exchange = self.exchange
        if exchange is not None:
            exchange.writable = True
            if exchange.on_writable is not None:
                exchange.on_writable()
        if self._buffered and not self._advancing and not self.being_served:
            self._ahead = 0
            self._resume_reading()
            self._advance()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the application know, if a request or a response was under way."""
        self._closing = True
        self.being_served = False
        self._server.connections.discard(self)
        exchange, self.exchange = self.exchange, None
        if exchange is not None:
            if not exchange.received:
                exchange.consumer.broken()
            if not exchange.answered:
                exchange.answered = exchange.started = True
                if exchange.on_gone is not None:
                    exchange.on_gone()

    # Called by exchanges.

    def send(self, data: bytes) -> None:
        """Write to the peer; does nothing if it has gone."""
        if not self._closing:
            self.transport.write(data)

    def send_last(self, data: bytes) -> None:
        """Write the end of a response, and read the next request if this one is complete."""
        if not self._closing:
            self.transport.write(data)
        exchange = self.exchange
        if exchange is not None and exchange.received:
            self._end_exchange(exchange)
            if self._buffered and not self._advancing:
                self._advance()

    def hold_back(self) -> None:
        """Stop reading from the peer."""
        if not self._closing:
            self.transport.pause_reading()

    def release(self) -> None:
        """Read from the peer again."""
        self.heard_at = monotonic()
        self._resume_reading()

    # Called by the server.

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self.transport.abort()

    def refuse(self, status: int, reason: str) -> None:
        """Refuse a malformed request, or one too many, and close."""
        body = f"{reason}\n".encode()
        fields = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        self.transport.write(encode_response(status, fields) + body)
        self.close()

    def look_whether_gone(self) -> None:
        """Close the connection if the peer's system has refused what was written to it."""
        peer: socket.socket = self.transport.get_extra_info("socket")
        if not self._closing and peer.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.abort()

    # Reading.

    def _serve_whole(self, request: Request, body: bytes) -> None:
        """Serve a request that arrived in one piece, with nothing before or after it."""
        self._advancing = True
        try:
            self.exchange = exchange = Exchange(self, request, body)
            self.being_served = True
            self._server.application(exchange)
            consumer = exchange.consumer
            if consumer is not DISCARD:
                if body:
                    consumer.data(body)
                consumer.end([])
        except Exception as error:
            self._application_failed(error)
        finally:
            self._advancing = False
        if self._buffered:
            self._advance()

    def _advance(self) -> None:
        """Take events from the reader until it has no more, or a response is due."""
        self._advancing = True
        try:
            while not self._closing and not self.being_served and self.unread_since is None:
                event = self.reader.next_event()
                if event is None:
                    self._buffered = not self.reader.idle
                    return
                self._take(event)
        except ConnectionClosed:
            self.close()
        except ProtocolError as error:
            self.refuse(error.status, str(error))
        except Exception as error:
            self._application_failed(error)
        finally:
            self._advancing = False

    def _take(self, event: object) -> None:
        exchange = self.exchange
        if isinstance(event, Request):
            self.exchange = exchange = Exchange(self, event)
            self._server.application(exchange)
            if not exchange.started and event.minor and b"expect" in exchange.fields:
                self.send(CONTINUE)
        elif exchange is None:
            return
        elif isinstance(event, End):
            exchange.received = self.being_served = True
            exchange.consumer.end(event.trailers)
            if exchange.answered and self.exchange is exchange:
                self._end_exchange(exchange)
        else:
            assert isinstance(event, bytes)
            exchange.consumer.data(event)

    def _application_failed(self, error: Exception) -> None:
        """Report a fault of the application, and answer its peer if that is still possible."""
        context = {"message": "the application of an HTTP server failed", "exception": error}
        asyncio.get_running_loop().call_exception_handler(context)
        exchange = self.exchange
        if exchange is not None and not exchange.started:
            exchange.started = exchange.answered = True
            self.refuse(500, "the emulator failed; see its log")
        elif exchange is not None:
            self.abort()

    def _end_exchange(self, exchange: Exchange) -> None:
        """Forget an exchange, and drop its references, so that it keeps nothing alive."""
        exchange.on_gone = exchange.on_writable = None
        exchange.consumer = DISCARD
        self.exchange = None
        self.being_served = False
        self.useful_at = monotonic()
        if not exchange.request.keep_alive or (self.peer_closed and self.reader.idle):
            self.close()
        elif self._ahead:
            self._ahead = 0
            self._resume_reading()

    def _resume_reading(self) -> None:
        if not self._closing and not self.peer_closed:
            self.transport.resume_reading()

    def close(self) -> None:
        """Close when everything written has been sent."""
        if not self._closing:
            self._closing = True
            self.transport.close()
