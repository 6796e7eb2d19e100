"""How much a peer may use: connections, and time for each part of its requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambda_ric.emulator.http.connection import Connection


@dataclass(frozen=True)
class Limits:
    """Limits of connections; times are in seconds, None means no limit.

    `half_closed` means that a peer which has closed its sending side still gets its responses. If
    it is False, that peer counts as gone.
    """

    connections: int = 1_000
    head_seconds: float | None = 15.0
    body_seconds: float | None = 30.0  # without any byte of it
    idle_seconds: float | None = 120.0
    unread_seconds: float | None = 120.0  # without the peer reading any of its response
    half_closed: bool = True


def enforce(limits: Limits, connection: Connection, now: float) -> None:
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
