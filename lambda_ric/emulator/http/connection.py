"""One connection of the HTTP server: it reads requests, and keeps its peer within limits."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.wire.head import ProtocolError
from lambda_ric.wire.http1 import ConnectionClosed, End, request_reader
from lambda_ric.wire.request import Request
from lambda_ric.wire.writers import encode_response

if TYPE_CHECKING:
    from lambda_ric.emulator.http.server import HttpServer

MAX_PIPELINED = 65_536
"""Bytes accepted behind a request that is still being answered."""


@dataclass(frozen=True)
class Limits:
    """The limits of connections; times in seconds, None for no limit."""

    connections: int = 1_000
    head_seconds: float | None = 15.0
    body_seconds: float | None = 30.0  # without any byte of it
    idle_seconds: float | None = 120.0
    unread_seconds: float | None = 120.0  # without the peer reading any of its answer


class Connection(asyncio.Protocol):
    """One connection: requests one after the other, each answered before the next is read."""

    transport: asyncio.Transport

    def __init__(self, server: HttpServer) -> None:
        self._server = server
        self._reader = request_reader()
        self._exchange: Exchange | None = None
        self._advancing = False
        self._closing = False
        self._ahead = 0  # bytes received while an earlier request is being answered
        self._unread_since: float | None = None
        self._heard_at = self.useful_at = server.loop.time()

    @property
    def being_served(self) -> bool:
        """Whether a complete request waits for its response."""
        return self._exchange is not None and self._exchange.received

    @property
    def alive(self) -> bool:
        """Whether the peer can still be written to."""
        return not self._closing

    # Called by asyncio.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._server.admit(self)

    def data_received(self, data: bytes) -> None:
        """Read on, as far as the response to an earlier request allows."""
        self._heard_at = self._server.loop.time()
        if self._exchange is None and self._reader.idle:
            self.useful_at = self._heard_at
        self._reader.feed(data)
        if self.being_served:
            self._ahead += len(data)
            if self._ahead > MAX_PIPELINED:
                self.transport.pause_reading()
        elif not self._advancing:
            self._advance()

    def pause_writing(self) -> None:
        """Tell the application that the peer is slower than it."""
        self._unread_since = self._server.loop.time()
        if self._exchange is not None:
            self._exchange.writable = False

    def resume_writing(self) -> None:
        """Tell the application that the peer has caught up."""
        self._unread_since = None
        exchange = self._exchange
        if exchange is not None:
            exchange.writable = True
            if exchange.on_writable is not None:
                exchange.on_writable()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the application, if a request or a response was under way."""
        self._closing = True
        self._server.connections.discard(self)
        exchange, self._exchange = self._exchange, None
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

    def response_done(self) -> None:
        """Continue with the next request, if the current one has arrived completely."""
        exchange = self._exchange
        if exchange is not None and exchange.received:
            self._end_exchange(exchange)
            if not self._advancing and not self._reader.idle:
                self._advance()

    def hold_back(self) -> None:
        """Stop reading from the peer."""
        if not self._closing:
            self.transport.pause_reading()

    def release(self) -> None:
        """Read from the peer again."""
        if not self._closing:
            self._heard_at = self._server.loop.time()
            self.transport.resume_reading()

    # Called by the server.

    def abort(self) -> None:
        """Close at once, whatever is under way."""
        self.transport.abort()

    def refuse(self, status: int, reason: str) -> None:
        """Answer data that is not a request, or a request too many, and close."""
        body = f"{reason}\n".encode()
        fields = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ]
        self.transport.write(encode_response(status, fields) + body)
        self._close()

    def enforce_timeouts(self, now: float) -> None:
        """Close the connection when the peer has exceeded a limit of time."""
        limits, exchange = self._server.limits, self._exchange
        if self._unread_since is not None:
            if limits.unread_seconds and now - self._unread_since > limits.unread_seconds:
                self.abort()
        elif exchange is None and self._reader.idle:
            if limits.idle_seconds and now - self.useful_at > limits.idle_seconds:
                self._close()
        elif exchange is None:
            if limits.head_seconds and now - self.useful_at > limits.head_seconds:
                self.refuse(408, "the head of the request took too long")
        elif (
            not exchange.received
            and limits.body_seconds
            and self.transport.is_reading()
            and now - self._heard_at > limits.body_seconds
        ):
            self.abort()

    # Reading.

    def _advance(self) -> None:
        """Take events from the reader until it has no more, or a response is due."""
        self._advancing = True
        try:
            while not self._closing and not self.being_served:
                event = self._reader.next_event()
                if event is None:
                    return
                self._take(event)
        except ConnectionClosed:
            self._close()
        except ProtocolError as error:
            self.refuse(error.status, str(error))
        finally:
            self._advancing = False

    def _take(self, event: object) -> None:
        exchange = self._exchange
        if isinstance(event, Request):
            self._exchange = exchange = Exchange(self, event)
            self._server.application(exchange)
            if not exchange.started and b"expect" in exchange.fields:
                self.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        elif exchange is None:
            return
        elif isinstance(event, End):
            exchange.received = True
            exchange.consumer.end(event.trailers)
            if exchange.answered and self._exchange is exchange:
                self._end_exchange(exchange)
        else:
            assert isinstance(event, bytes)
            exchange.consumer.data(event)

    def _end_exchange(self, exchange: Exchange) -> None:
        exchange.release_callbacks()
        self._exchange = None
        self._ahead = 0
        self.useful_at = self._server.loop.time()
        if not exchange.request.keep_alive:
            self._close()
        elif not self.transport.is_reading() and not self._closing:
            self.transport.resume_reading()

    def _close(self) -> None:
        """Close when everything written has left."""
        if not self._closing:
            self._closing = True
            self.transport.close()
