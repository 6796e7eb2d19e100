"""Event invokes: accepted at once, run when an environment is free, retried when they fail.

Source: "Asynchronous invocation" in the AWS Lambda developer guide: two more attempts, after one
minute and after two.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from lambda_ric.emulator.clock import Clock, Timer
from lambda_ric.emulator.invoke import CallbackInvoke, Outcome
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.scheduling.scheduler import Scheduler, Throttled
from lambda_ric.wire.runtime_api import Invocation

MAX_ASYNC_EVENT = 1_048_576
"""Largest event of an asynchronous invoke in bytes."""

ATTEMPTS = 3
RETRY_DELAY = 60.0
"""Seconds before the second attempt; the third comes after twice as long."""

MAX_PENDING = 10_000
"""The maximum number of waiting events; further events are throttled."""

_THROTTLED_DELAY = 0.5


class QueueFull(Exception):
    """The maximum number of events are waiting."""


class QueueClosed(Exception):
    """The emulator is stopping and accepts no more events."""


@dataclass(eq=False, slots=True)
class _Entry:
    """An event on its way through its attempts."""

    scheduler: Scheduler
    invocation: Invocation
    version: str
    attempt: int = 1


class AsyncQueue:
    """Holds the events of all functions. `retry_delay` is in seconds."""

    def __init__(self, log: Log, clock: Clock, retry_delay: float = RETRY_DELAY) -> None:
        self._log = log
        self._clock = clock
        self._retry_delay = retry_delay
        self._pending: set[_Entry] = set()
        self._timers: dict[_Entry, Timer] = {}
        self._closed = False

    def accept(self, scheduler: Scheduler, invocation: Invocation, version: str) -> None:
        """Take an event. Raises QueueFull and QueueClosed."""
        if self._closed:
            raise QueueClosed
        if len(self._pending) >= MAX_PENDING:
            raise QueueFull
        entry = _Entry(scheduler, invocation, version)
        self._pending.add(entry)
        self._try(entry)

    def close(self) -> None:
        """Drop all events, and report how many there were."""
        self._closed = True
        for timer in self._timers.values():
            timer.cancel()
        if self._pending:
            left = f"asynchronous events that were not run: {len(self._pending)}"
            self._log.emit(platform_events.fault("", left))
        self._pending.clear()

    def _try(self, entry: _Entry) -> None:
        self._timers.pop(entry, None)
        invoke = CallbackInvoke(
            entry.invocation,
            lambda outcome: self._settled(entry, outcome),
            version=entry.version,
        )
        try:
            entry.scheduler.submit(invoke)
        except Throttled:
            self._try_after(entry, _THROTTLED_DELAY)

    def _settled(self, entry: _Entry, outcome: Outcome) -> None:
        if self._closed:
            return
        if outcome.error_type is None:
            self._pending.discard(entry)
        elif entry.attempt < ATTEMPTS:
            self._try_after(entry, self._retry_delay * 2 ** (entry.attempt - 1))
            entry.attempt += 1
        else:
            self._pending.discard(entry)
            # Soon rather than now: the log entries of the attempt itself come first.
            asyncio.get_running_loop().call_soon(self._report_drop, entry, outcome)

    def _report_drop(self, entry: _Entry, outcome: Outcome) -> None:
        request_id = entry.invocation.request_id
        text = f"{platform_events.timestamp()} {request_id} "
        text += f"Event dropped after {ATTEMPTS} attempts: "
        text += outcome.payload.decode("utf-8", "replace")
        self._log.emit(platform_events.fault(request_id, text))

    def _try_after(self, entry: _Entry, seconds: float) -> None:
        self._timers[entry] = self._clock.after(seconds, lambda: self._try(entry))
