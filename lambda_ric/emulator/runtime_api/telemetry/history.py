"""What has happened in an environment before its extensions subscribe, within bounds."""

from __future__ import annotations

from collections.abc import Iterator

from lambda_ric.emulator.log.platform_events import LogEvent
from lambda_ric.emulator.runtime_api.telemetry.dropped import NOTHING

MAX_EVENTS = 1_000
MAX_CHARACTERS = 262_144


class History:
    """The first events of an environment, each with its time.

    `missed` counts those that came when there was no more room.
    """

    def __init__(self) -> None:
        self._events: list[tuple[LogEvent, str]] = []
        self._characters = 0
        self.missed = NOTHING

    def __iter__(self) -> Iterator[tuple[LogEvent, str]]:
        return iter(self._events)

    def add(self, event: LogEvent, time: str) -> None:
        """Keep an event, if there is room."""
        size = len(event.record) if isinstance(event.record, str) else 0
        if len(self._events) >= MAX_EVENTS or self._characters + size > MAX_CHARACTERS:
            self.missed = self.missed.and_also(1, size)
        else:
            self._events.append((event, time))
            self._characters += size
