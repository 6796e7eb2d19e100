"""A small HTTP/1.1 server for the emulator, over asyncio protocols and `wire.http1`.

It knows connections and exchanges, not Lambda. The application is called with an `Exchange` as
soon as the head of a request is read; it sets the consumer of the body, and answers now or later.
Callbacks rather than tasks: an invocation passes here four times, and a task each would cost more
than everything else.

What a peer can do is bounded: the size of heads (in `wire.http1`), the time that heads and bodies
may take, the number of connections, the time a connection may idle or leave its response unread.
At the limit of connections, the one that has been useless for longest is closed, so that slow
senders cannot keep others out.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

from lambda_ric.emulator.http.connection import Connection
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.http.limits import Limits

SWEEP_SECONDS = 1.0
"""Seconds between two checks of the time limits."""


SOON_SECONDS = 0.02
"""How long the system of a peer that has gone may take to report it."""


class HttpServer:
    """Listens on one address. `application` is called with each exchange."""

    def __init__(self, application: Callable[[Exchange], None], limits: Limits) -> None:
        self.application = application
        self.limits = limits
        self.connections: set[Connection] = set()
        self._loop = asyncio.get_running_loop()
        self.host = ""
        self.port = 0
        self._closed = False
        self._server: asyncio.Server | None = None
        self._sweep: asyncio.TimerHandle | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen; port 0 takes any free port. Raises OSError if the address is not available."""
        listener = _listen(host, port)
        self.host, self.port = listener.getsockname()[:2]
        self._server = await self._loop.create_server(
            lambda: Connection(self), sock=listener, backlog=1_024
        )
        self._sweep = self._loop.call_later(SWEEP_SECONDS, self._enforce_timeouts)

    def stop_listening(self) -> None:
        """Accept no more connections; existing ones continue."""
        server, self._server = self._server, None
        if server is not None:
            # If closed now, asyncio loses connections that it has accepted but not announced.
            for listener in server.sockets:
                with suppress(NotImplementedError):  # on Windows, where they are not lost
                    self._loop.remove_reader(listener.fileno())
            self._loop.call_soon(server.close)

    def close(self) -> None:
        """Stop listening, and drop all connections."""
        self._closed = True
        self.stop_listening()
        if self._sweep is not None:
            self._sweep.cancel()
        for connection in list(self.connections):
            connection.abort()

    @property
    def url(self) -> str:
        """Where a client on this machine reaches it, without a slash at the end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def admit(self, connection: Connection) -> None:
        """Accept a new connection; at the limit, it replaces the least useful connection."""
        if self._closed:  # it was accepted earlier, and is only announced now
            connection.abort()
            return
        if len(self.connections) >= self.limits.connections:
            candidates = [peer for peer in self.connections if not peer.being_served]
            if candidates:
                min(candidates, key=lambda peer: peer.useful_at).abort()
            else:
                connection.refuse(503, "too many connections")
                return
        self.connections.add(connection)

    def soon(self, callback: Callable[[], None]) -> None:
        """Call back after a short moment, to give a peer's system time to answer."""
        self._loop.call_later(SOON_SECONDS, callback)

    def _enforce_timeouts(self) -> None:
        now = monotonic()
        for connection in list(self.connections):
            _enforce(self.limits, connection, now)
        self._sweep = self._loop.call_later(SWEEP_SECONDS, self._enforce_timeouts)


async def connections_closed() -> None:
    """Let the event loop finish the closing of connections."""
    for _ in range(5):
        await asyncio.sleep(0)


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _enforce(limits: Limits, connection: Connection, now: float) -> None:
    """Close a connection whose peer has exceeded a time limit, or has gone."""
    exchange = connection.exchange
    if connection.peer_closed:
        connection.look_whether_gone()
    if connection.unread_since is not None:
        if _exceeds(now - connection.unread_since, limits.unread_seconds):
            connection.abort()
    elif exchange is None and connection.reader.idle:
        if _exceeds(now - connection.useful_at, limits.idle_seconds):
            connection.close()
    elif exchange is None:
        if _exceeds(now - connection.useful_at, limits.head_seconds):
            connection.refuse(408, "the head of the request took too long")
    elif (
        not exchange.received
        and connection.transport.is_reading()
        and _exceeds(now - connection.heard_at, limits.body_seconds)
    ):
        connection.abort()


def _exceeds(seconds: float, limit: float | None) -> bool:
    return limit is not None and seconds > limit
