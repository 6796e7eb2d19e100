"""Where the emulator listens for callers."""

from __future__ import annotations

from typing import NamedTuple


class Listening(NamedTuple):
    """Where the emulator listens for callers, and which web pages may call.

    Port 0 means any free port. An origin is written as in `http://localhost:3000`; `*` means all.
    `hosts` are names by which callers reach the server, besides those of this machine.
    """

    host: str = "127.0.0.1"
    port: int = 0
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
