"""What the processes of an environment take, looked at while it is busy, and at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lambda_ric.emulator.environment.process import Child

SECONDS = 0.25
"""How often it is looked at. What was seen half as long ago is taken as the present state."""


class MemoryWatch:
    """Watches a child as long as it is `busy`; `on_excess` is called beyond `limit` bytes.

    No limit is None. Looking takes as long as a good part of an invocation, so it is not done for
    each.
    """

    def __init__(
        self,
        child: Child,
        limit: int | None,
        busy: Callable[[], bool],
        on_excess: Callable[[], None],
    ) -> None:
        self._child = child
        self._limit = limit
        self._busy = busy
        self._on_excess = on_excess
        self._loop = asyncio.get_running_loop()
        self._seen_at: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Look again and again, as long as it is busy."""
        if self._timer is None:
            self._timer = self._loop.call_later(SECONDS, self._look)

    def cancel(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def peak(self) -> int:
        """Return the most that was seen so far, in bytes."""
        now = self._loop.time()
        if self._seen_at is None or now - self._seen_at > SECONDS / 2:
            self._seen_at = now
            return self._child.peak_memory()
        return self._child.peak

    def _look(self) -> None:
        self._timer = None
        if not self._busy():
            return
        self._seen_at = self._loop.time()
        peak = self._child.peak_memory()
        self.begin()
        if self._limit is not None and peak > self._limit:
            self._on_excess()
