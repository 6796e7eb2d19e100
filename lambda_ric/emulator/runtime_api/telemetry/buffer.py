"""The buffer of one subscriber: events become batches. Pure: it neither sends nor waits.

One batch is under way at a time. Meanwhile events gather, as many as a batch may have; beyond
that they are dropped, and counted, so that memory is bounded however slow the subscriber is. The
next batch that leaves carries the count of those that it has missed, as do batches that are lost.
"""

from __future__ import annotations

from typing import NamedTuple

from lambda_ric.emulator.runtime_api.telemetry.dropped import NOTHING, Dropped
from lambda_ric.emulator.runtime_api.telemetry.requests import Buffering


class Batch(NamedTuple):
    """Events that leave together, and what was dropped before them."""

    events: list[bytes]
    size: int
    dropped: Dropped


class Buffer:
    """Gathers events. Times are those of a monotonic clock, in seconds."""

    def __init__(self, buffering: Buffering) -> None:
        self._limits = buffering
        self._events: list[bytes] = []
        self._size = 0
        self._first_at = 0.0
        self._under_way: Batch | None = None
        self._dropped = NOTHING
        self._unannounced = NOTHING

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits, and nothing is under way."""
        return not self._events and self._under_way is None

    @property
    def is_full(self) -> bool:
        """Whether the waiting events are as many as a batch may have."""
        return len(self._events) >= self._limits.max_items or self._size >= self._limits.max_bytes

    @property
    def due_at(self) -> float | None:
        """When the next batch must leave; None without events, or while a batch is under way."""
        if self._under_way is not None or not self._events:
            return None
        return self._first_at if self.is_full else self._first_at + self._limits.timeout

    def add(self, event: bytes, now: float) -> None:
        """Keep an event, or drop it if there is no room."""
        if self.is_full:
            self.drop(1, len(event))
            return
        if not self._events:
            self._first_at = now
        self._events.append(event)
        self._size += len(event)

    def drop(self, records: int, size: int) -> None:
        """Count events that the subscriber does not get."""
        self._dropped = self._dropped.and_also(records, size)
        self._unannounced = self._unannounced.and_also(records, size)

    def take(self, now: float, *, at_once: bool = False) -> Batch | None:
        """Return the batch that is due, or all that waits `at_once`, or else None.

        Say with `delivered` or `lost` what became of it before the next one is taken.
        """
        due_at = self.due_at
        if due_at is None or (now < due_at and not at_once):
            return None
        batch = Batch(self._events, self._size, self._dropped)
        self._events, self._size, self._dropped = [], 0, NOTHING
        self._under_way = batch
        return batch

    def delivered(self) -> None:
        """Forget the batch that was under way."""
        self._under_way = None

    def lost(self) -> None:
        """Count the batch that was under way as dropped."""
        batch, self._under_way = self._under_way, None
        if batch is not None:
            self._dropped = self._dropped.and_also(*batch.dropped)
            self.drop(len(batch.events), batch.size)

    def take_unannounced(self) -> Dropped:
        """Return what was dropped since the last time."""
        dropped, self._unannounced = self._unannounced, NOTHING
        return dropped
