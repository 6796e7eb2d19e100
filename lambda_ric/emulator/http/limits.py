"""How much a peer may use: connections, and time for each part of its requests."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
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
