"""Events of the log as the subscribers of each API and schema get them.

Sources: "Lambda Telemetry API Event schema reference" and "Lambda Logs API" in the AWS Lambda
developer guide.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from lambda_ric.emulator.log import platform_events as events
from lambda_ric.emulator.log.platform_events import EXTENSION, FUNCTION, LogEvent
from lambda_ric.emulator.runtime_api.telemetry.apis import LOGS
from lambda_ric.emulator.runtime_api.telemetry.requests import PLATFORM, Subscription

_TEXT_ONLY = "2022-07-01"
_WITHOUT_RUNTIME_DONE = "2020-08-15"

_OF_TELEMETRY = frozenset(
    (
        *(events.INIT_START, events.INIT_RUNTIME_DONE, events.INIT_REPORT),
        *(events.RESTORE_START, events.RESTORE_RUNTIME_DONE, events.RESTORE_REPORT),
        *(events.START, events.RUNTIME_DONE, events.REPORT),
        *(events.EXTENSION_STATE, events.TELEMETRY_SUBSCRIPTION, events.LOGS_DROPPED),
    )
)

_OF_LOGS: dict[str, tuple[str, ...] | None] = {
    events.INIT_RUNTIME_DONE: ("initializationType", "status"),
    events.INIT_REPORT: ("initializationType", "metrics"),
    events.RESTORE_START: (),
    events.RESTORE_RUNTIME_DONE: ("status",),
    events.RESTORE_REPORT: ("metrics",),
    events.START: ("requestId", "version", "tenantId"),
    events.RUNTIME_DONE: ("requestId", "status"),
    events.END: ("requestId",),
    events.REPORT: ("requestId", "metrics", "tenantId"),
    events.FAULT: None,
    events.EXTENSION_STATE: None,
    events.LOGS_SUBSCRIPTION: None,
    events.LOGS_DROPPED: None,
}
"""The events of the Logs API, with the fields of their records; None: all of them."""

_write_json = json.JSONEncoder(separators=(",", ":")).encode  # made once: lines may be many

Encode = Callable[[LogEvent, str], "bytes | None"]
"""Returns an event that happened at a time as JSON, or None if the subscriber does not want it."""


def encoder(subscription: Subscription, *, json_logs: bool) -> Encode:
    """Return what writes events for a subscriber.

    If the function has `json_logs`, lines that hold a JSON object are given as one, except in
    the schemas that are older than that.
    """
    is_logs_api = subscription.api is LOGS
    with_objects = json_logs and not is_logs_api and subscription.schema != _TEXT_ONLY
    kinds = dict(_OF_LOGS) if is_logs_api else dict.fromkeys(_OF_TELEMETRY)
    if subscription.schema == _WITHOUT_RUNTIME_DONE:
        del kinds[events.RUNTIME_DONE]
    if PLATFORM not in subscription.types:
        kinds.clear()
    lines = {kind for kind in (FUNCTION, EXTENSION) if kind in subscription.types}

    def encode(event: LogEvent, time: str) -> bytes | None:
        record: Any = event.record
        if event.type in lines:
            if with_objects:
                record = _object_in(record)
        elif event.type in kinds:
            fields = kinds[event.type]
            if fields is not None:
                record = {name: record[name] for name in fields if name in record}
                if record.get("status") == "error":
                    record["status"] = "failure"  # the Logs API has three statuses
        else:
            return None
        return encode_event(time, event.type, record)

    return encode


def encode_event(time: str, kind: str, record: object) -> bytes:
    """Return an event as JSON."""
    return _write_json({"time": time, "type": kind, "record": record}).encode()


def _object_in(line: str) -> object:
    """Return the JSON object that a line holds, or the line."""
    if line.startswith("{"):
        try:
            return json.loads(line, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            pass
    return line


def _refuse_constant(name: str) -> None:
    """Refuse NaN and the infinities, which JSON does not have."""
    raise ValueError(name)
