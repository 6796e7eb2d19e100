"""The events about extensions, and about what they have subscribed to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lambda_ric.emulator.log.platform_events import EXTENSION_STATE, LOGS_DROPPED, LogEvent


def extension(name: str, state: str, events: list[str], error_type: str | None = None) -> LogEvent:
    """Return the event that says in which state an extension is, and what it has subscribed to."""
    record: dict[str, Any] = {"name": name, "state": state, "events": events}
    if error_type:
        record["errorType"] = error_type
    return LogEvent(EXTENSION_STATE, record)


def subscription(kind: str, name: str, state: str, types: Sequence[str]) -> LogEvent:
    """Return the event for a subscription; the kind is that of the Telemetry or the Logs API."""
    return LogEvent(kind, {"name": name, "state": state, "types": list(types)})


def logs_dropped(records: int, size: int, reason: str) -> LogEvent:
    """Return the event for records, of `size` bytes in all, that a subscriber did not get."""
    record = {"droppedBytes": size, "droppedRecords": records, "reason": reason}
    return LogEvent(LOGS_DROPPED, record)
