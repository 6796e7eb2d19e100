"""The time of the emulator: one clock, and all timers that wait on it.

Deadlines and retries wait here, so a test can let hours pass with `advance`: timers come due in
their order, while the processes around them are real.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from weakref import WeakSet


class Timer:
    """A callback that waits for its moment."""

    __slots__ = ("callback", "moment")

    def __init__(self, moment: float, callback: Callable[[], None]) -> None:
        self.moment = moment
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        """Never call back."""
        self.callback = None


class Clock:
    """A monotonic clock in seconds that can be put forward, with the timers that follow it.

    It needs a running event loop. Timers that fail are reported as the loop reports callbacks.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()  # timers of one moment come due in the order in which they were set
        self._wakeup: asyncio.TimerHandle | None = None
        self._ahead = 0.0
        self._target: float | None = None  # of the advance that goes on
        self.alarms: WeakSet[Alarm] = WeakSet()
        self.now: Callable[[], float] = time.monotonic
        """Return the present moment. It is the system's own function until the first `advance`."""
        self.wall_time: Callable[[], float] = time.time
        """Return the time of day in seconds since the epoch; `advance` replaces it too."""

    def at(self, moment: float, callback: Callable[[], None]) -> Timer:
        """Call back at a moment, or as soon as possible after it."""
        timer = Timer(moment, callback)
        heappush(self._timers, (moment, next(self._order), timer))
        if self._timers[0][2] is timer:
            self._wake_at(moment)
        return timer

    def after(self, seconds: float, callback: Callable[[], None]) -> Timer:
        """Call back after that many seconds."""
        return self.at(self.now() + seconds, callback)

    def advance(self, seconds: float) -> None:
        """Put the clock forward, stopping at each timer on the way, as if that time had passed."""
        for alarm in self.alarms:
            alarm.postpone(seconds)
        self.now = lambda: time.monotonic() + self._ahead
        self.wall_time = lambda: time.time() + self._ahead
        self._target = target = self.now() + seconds
        while self._timers and self._timers[0][0] <= target:
            self._ahead += max(0.0, self._timers[0][0] - self.now())
            self._run_due()
        self._target = None
        self._ahead += max(0.0, target - self.now())
        self._run_due()

    def left_to_advance(self) -> float:
        """Return the seconds that the clock is still going to be put forward, if it is just now."""
        return 0.0 if self._target is None else max(0.0, self._target - self.now())

    def close(self) -> None:
        """Forget all timers."""
        self._timers.clear()
        if self._wakeup is not None:
            self._wakeup.cancel()
            self._wakeup = None

    def _wake_at(self, moment: float) -> None:
        if self._wakeup is not None:
            self._wakeup.cancel()
        self._wakeup = self._loop.call_at(moment - self._ahead, self._run_due)

    def _run_due(self) -> None:
        """Call back whatever is due, then sleep until the next moment."""
        timers = self._timers
        try:
            while timers and (timers[0][2].callback is None or timers[0][0] <= self.now()):
                callback = heappop(timers)[2].callback
                if callback is not None:
                    callback()
        finally:
            if timers:
                self._wake_at(timers[0][0])


class Alarm:
    """Calls back at a moment that often moves, such as the deadline of each invocation.

    Moving it to a later moment does not touch its timer, which wakes up at the earlier moment
    and then sleeps on. Where `in_real_time` holds, it is not affected by `Clock.advance`. Nor is
    one `of_a_process` by an advance that goes on when it is set: what begins on the way has all
    its time, since a process cannot do its work on the way.
    """

    def __init__(
        self,
        clock: Clock,
        callback: Callable[[], None],
        *,
        in_real_time: Callable[[], bool] = lambda: False,
        of_a_process: bool = False,
    ) -> None:
        self._clock = clock
        self._callback = callback
        self._in_real_time = in_real_time
        self._of_a_process = of_a_process
        clock.alarms.add(self)
        self._moment: float | None = None
        self._timer: Timer | None = None

    def is_set(self) -> bool:
        """Return whether it will call back."""
        return self._moment is not None

    def set(self, moment: float | None) -> None:
        """Call back at this moment of the clock only; None means never."""
        if moment is not None and self._of_a_process:
            moment += self._clock.left_to_advance()
        self._sleep_until(moment)

    def cancel(self) -> None:
        """Never call back, and let go of the timer."""
        self._moment = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def postpone(self, seconds: float) -> None:
        """Heed a clock that is put forward, if a process is waited for, which takes real time."""
        if self._moment is not None and self._in_real_time():
            self._moment += seconds

    def _sleep_until(self, moment: float | None) -> None:
        self._moment = moment
        if moment is None:
            return
        if self._timer is not None and moment < self._timer.moment:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._timer = self._clock.at(moment, self._wake)

    def _wake(self) -> None:
        self._timer = None
        moment = self._moment
        if moment is None:
            return
        if self._clock.now() >= moment:
            self._moment = None
            self._callback()
        else:
            self._sleep_until(moment)
