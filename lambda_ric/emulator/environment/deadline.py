"""Timers that cost nothing while nothing happens often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Alarm:
    """Calls back at a moment that may be moved, as often as every invocation.

    A later moment does not touch the timer: it wakes up at the earlier one, and sleeps again.
    """

    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback = callback
        self._loop = asyncio.get_running_loop()
        self._moment: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def set(self, moment: float | None) -> None:
        """Call back at this time of the loop's clock, and no more at any other; None for never."""
        self._moment = moment
        if moment is None:
            return
        if self._timer is not None and moment < self._timer.when():
            self.cancel()
        if self._timer is None:
            self._timer = self._loop.call_at(moment, self._wake)

    def cancel(self) -> None:
        """Never call back, and let go of the timer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _wake(self) -> None:
        self._timer = None
        if self._moment is None:
            return
        if self._loop.time() >= self._moment:
            self._callback()
        else:
            self.set(self._moment)
