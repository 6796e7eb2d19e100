"""Event invokes: accepted at once, run when an environment is free, retried when they fail.

Source: "Asynchronous invocation" in the AWS Lambda developer guide: two more attempts, after one
minute and after two. Recordings show that an event ends as too old as soon as its next attempt
would come too late.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from lambda_ric.emulator.clock import Alarm, Clock, Timer
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import CallbackInvoke, Outcome
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.scheduling.scheduler import Scheduler, Throttled
from lambda_ric.wire.runtime_api import Invocation

MAX_ASYNC_EVENT = 1_048_576
"""Largest event of an asynchronous invoke in bytes."""

RETRY_DELAY = 60.0
"""Seconds before the second attempt; the third comes after twice as long."""

MAX_PENDING = 10_000
"""The maximum number of waiting events; further events are throttled."""

_THROTTLED_DELAY = 0.5


class QueueFull(Exception):
    """The maximum number of events are waiting."""


class QueueClosed(Exception):
    """The emulator is stopping and accepts no more events."""


class Condition(Enum):
    """How an event has ended, in the words of a record."""

    SUCCESS = "Success"
    RETRIES_EXHAUSTED = "RetriesExhausted"
    EVENT_AGE_EXCEEDED = "EventAgeExceeded"


class Ending(NamedTuple):
    """The end of an event: how often it ran, and how the last attempt ended, if there was one.

    `chain` is how many destinations it has come through.
    """

    function: FunctionConfig
    invocation: Invocation
    version: str
    condition: Condition
    attempts: int
    outcome: Outcome | None
    chain: int


@dataclass(eq=False, slots=True)
class _Entry:
    """An event on its way through its attempts. Moments are those of the clock."""

    scheduler: Scheduler
    invocation: Invocation
    version: str
    accepted_at: float
    chain: int
    attempts: int = 0
    outcome: Outcome | None = None
    invoke: CallbackInvoke | None = None
    timer: Timer | None = None
    ended: bool = False

    @property
    def expires_at(self) -> float:
        """The moment after which no attempt may begin."""
        return self.accepted_at + self.scheduler.function.maximum_event_age

    @property
    def begun(self) -> bool:
        """Whether its attempt has begun: an environment sets the deadline then."""
        return self.invocation.deadline_ms != 0


class AsyncQueue:
    """Holds the events of all functions. `retry_delay` is in seconds.

    `deliver` gets the end of each event, and what to call when the record of it has been sent.
    """

    def __init__(self, log: Log, clock: Clock, retry_delay: float = RETRY_DELAY) -> None:
        self._log = log
        self._clock = clock
        self._retry_delay = retry_delay
        self._pending: set[_Entry] = set()
        self._expiry = Alarm(clock, self._expire)
        self._expires_at: float | None = None
        self._closed = False
        self.deliver: Callable[[Ending, Callable[[], None]], None] = lambda ending, done: done()

    def accept(
        self, scheduler: Scheduler, invocation: Invocation, version: str, *, chain: int = 0
    ) -> None:
        """Take an event. Raises QueueFull and QueueClosed."""
        if self._closed:
            raise QueueClosed
        if len(self._pending) >= MAX_PENDING:
            raise QueueFull
        entry = _Entry(scheduler, invocation, version, self._clock.now(), chain)
        self._pending.add(entry)
        if self._expires_at is None or entry.expires_at < self._expires_at:
            self._expect_expiry(entry.expires_at)
        self._try(entry)

    def close(self) -> None:
        """Drop all events, and report how many there were."""
        self._closed = True
        self._expiry.cancel()
        left = [entry for entry in self._pending if not entry.ended]
        for entry in left:
            if entry.timer is not None:
                entry.timer.cancel()
        if left:
            text = f"asynchronous events that were not run: {len(left)}"
            self._log.emit(platform_events.fault("", text))
        self._pending.clear()

    def _try(self, entry: _Entry) -> None:
        entry.timer = None
        entry.invocation.deadline_ms = 0
        entry.invoke = CallbackInvoke(
            entry.invocation,
            lambda outcome: self._settled(entry, outcome),
            version=entry.version,
        )
        try:
            entry.scheduler.submit(entry.invoke)
        except Throttled:
            self._try_after(entry, _THROTTLED_DELAY)

    def _try_after(self, entry: _Entry, seconds: float) -> None:
        entry.timer = self._clock.after(seconds, lambda: self._try(entry))

    def _settled(self, entry: _Entry, outcome: Outcome) -> None:
        if self._closed or entry.ended:
            return
        entry.attempts += 1
        entry.outcome = outcome
        delay = self._retry_delay * 2 ** (entry.attempts - 1)
        if outcome.error_type is None:
            if entry.scheduler.function.on_success:
                self._end(entry, Condition.SUCCESS)
            else:
                self._pending.discard(entry)
        elif entry.attempts > entry.scheduler.function.maximum_retry_attempts:
            self._end(entry, Condition.RETRIES_EXHAUSTED)
        elif self._clock.now() + delay > entry.expires_at:
            self._end(entry, Condition.EVENT_AGE_EXCEEDED)
        else:
            self._try_after(entry, delay)

    def _expire(self) -> None:
        """End the events that have waited too long for their next attempt."""
        now = self._clock.now()
        for entry in [entry for entry in self._pending if not entry.ended and not entry.begun]:
            if entry.expires_at <= now:
                if entry.invoke is not None:
                    entry.invoke.abandoned = True
                if entry.timer is not None:
                    entry.timer.cancel()
                self._end(entry, Condition.EVENT_AGE_EXCEEDED)
        coming = [entry.expires_at for entry in self._pending if entry.expires_at > now]
        self._expect_expiry(min(coming, default=None))

    def _expect_expiry(self, moment: float | None) -> None:
        self._expires_at = moment
        self._expiry.set(moment)

    def _end(self, entry: _Entry, condition: Condition) -> None:
        """Let an event end, soon rather than now: the log entries of its attempt come first."""
        entry.ended = True
        asyncio.get_running_loop().call_soon(self._hand_on, entry, condition)

    def _hand_on(self, entry: _Entry, condition: Condition) -> None:
        ending = Ending(
            entry.scheduler.function,
            entry.invocation,
            entry.version,
            condition,
            entry.attempts,
            entry.outcome,
            entry.chain,
        )
        if condition is not Condition.SUCCESS:
            self._report_drop(ending)
        self.deliver(ending, lambda: self._pending.discard(entry))

    def _report_drop(self, ending: Ending) -> None:
        request_id = ending.invocation.request_id
        attempts = f"{ending.attempts} attempt{'' if ending.attempts == 1 else 's'}"
        text = f"{platform_events.timestamp()} {request_id} Event dropped after {attempts}"
        if ending.condition is Condition.EVENT_AGE_EXCEEDED:
            text += f", at its maximum age of {ending.function.maximum_event_age} seconds"
        if ending.outcome is not None:
            text += ": " + ending.outcome.payload.decode("utf-8", "replace")
        self._log.emit(platform_events.fault(request_id, text, ending.function.name))
