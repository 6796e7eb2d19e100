"""The memory of an environment's processes, read while it is busy, and at the end of an invoke."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from lambda_ric.emulator.environment.processes import ProcessSet

MEBIBYTE = 1_048_576

SECONDS = 0.25
"""Seconds between readings. One that is at most half as old is taken as the present state."""


class MemoryWatch:
    """Reads the memory as long as the environment is `busy`, and reports an excess.

    `on_excess` is called beyond `limit` bytes; None means no limit. A reading takes a good part of
    the time of an invoke, so not every invoke has one. It follows the system's clock and not the
    emulator's: a process uses memory in real time.
    """

    def __init__(
        self,
        processes: ProcessSet,
        limit: int | None,
        *,
        busy: Callable[[], bool],
        on_excess: Callable[[], None],
    ) -> None:
        self._processes = processes
        self._loop = asyncio.get_running_loop()
        self._limit = limit
        self._busy = busy
        self._on_excess = on_excess
        self._read_at: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Keep reading as long as the environment is busy."""
        if self._timer is None:
            self._timer = self._loop.call_later(SECONDS, self._read)

    def begin_invoke(self) -> None:
        """Read at the first invoke, so that a process that ends in it has a figure, then go on."""
        if self._read_at is None:
            self._processes.read_memory()
        self.begin()

    def cancel(self) -> None:
        """Stop reading."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def peak(self) -> int:
        """Return the peak so far, in bytes."""
        now = monotonic()
        if self._read_at is None or now - self._read_at > SECONDS / 2:
            self._read_at = now
            return self._processes.read_memory()
        return self._processes.peak

    def _read(self) -> None:
        self._timer = None
        if not self._busy():
            return
        self._read_at = monotonic()
        peak = self._processes.read_memory()
        self.begin()
        if self._limit is not None and peak > self._limit:
            self._on_excess()
