"""The operations of an execution, put together from the events of its history.

Source: the shape `Event` in the service model of the AWS SDKs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

Members = dict[str, Any]

_EVENT = re.compile(r"(Step|Wait|Callback|Context|ChainedInvoke)([A-Z]\w+)")
_STATUSES = {
    "Started": "STARTED",
    "Succeeded": "SUCCEEDED",
    "Failed": "FAILED",
    "Cancelled": "CANCELLED",
    "TimedOut": "TIMED_OUT",
    "Stopped": "STOPPED",
}
_KINDS = {
    "ChainedInvoke": "invoke",
    "MapIteration": "item",
    "ParallelBranch": "branch",
    "RunInChildContext": "context",
    "WaitForCallback": "wait for callback",
    "WaitForCondition": "condition",
}


@dataclass
class Attempt:
    """One attempt at a step. `again_after` is the delay before the next one, in seconds."""

    started: float
    ended: float | None = None
    error: Members | None = None
    again_after: int | None = None


@dataclass
class Operation:
    """One operation. Times are in seconds since the epoch, `details` those of its first event."""

    id: str
    kind: str
    name: str
    status: str
    started: float
    parent_id: str | None
    details: Members
    ended: float | None = None
    result: str | None = None
    error: Members | None = None
    attempts: list[Attempt] = field(default_factory=list)
    children: list[Operation] = field(default_factory=list)

    def as_json(self) -> Members:
        """Return it with all below it, for programs."""
        members = {
            "Id": self.id,
            "Name": self.name or None,
            "Kind": self.kind,
            "Status": self.status,
            "StartTimestamp": self.started,
            "EndTimestamp": self.ended,
            "Result": self.result,
            "Error": self.error,
            **self.details,
        }
        if self.attempts:
            members["Attempts"] = [
                {
                    "StartTimestamp": attempt.started,
                    "EndTimestamp": attempt.ended,
                    "Error": attempt.error,
                    "NextAttemptDelaySeconds": attempt.again_after,
                }
                for attempt in self.attempts
            ]
        found = {name: value for name, value in members.items() if value is not None}
        if self.children:
            found["Children"] = [child.as_json() for child in self.children]
        return found


@dataclass
class Story:
    """All that a history says: the operations that no other contains, and the invocations."""

    operations: list[Operation]
    invocations: int
    last: float

    def all_operations(self) -> Iterator[Operation]:
        """Yield each operation before those in it."""
        waiting = self.operations[::-1]
        while waiting:
            operation = waiting.pop()
            yield operation
            waiting += operation.children[::-1]


def read_story(events: Iterable[Members]) -> Story:
    """Put a history together. Events of kinds that are not known are left out."""
    found: dict[str, Operation] = {}
    invocations = 0
    last = 0.0
    for event in events:
        kind = str(event.get("EventType"))
        last = max(last, float(event.get("EventTimestamp", 0.0)))
        invocations += kind == "InvocationCompleted"
        parts = _EVENT.fullmatch(kind)
        if parts and parts[2] in _STATUSES:
            details = event.get(f"{kind}Details") or {}
            _take(found, event, parts[1], _STATUSES[parts[2]], details)
    roots: list[Operation] = []
    for operation in found.values():
        parent = found.get(operation.parent_id or "")
        (parent.children if parent else roots).append(operation)
    return Story(roots, invocations, last)


def _take(
    found: dict[str, Operation], event: Members, noun: str, status: str, details: Members
) -> None:
    """Take in one event of an operation."""
    name, now = str(event.get("Id")), float(event["EventTimestamp"])
    operation = found.get(name)
    if operation is None:
        sub_type = event.get("SubType") or noun
        kind = _KINDS.get(sub_type, str(sub_type).lower() if sub_type in _PLAIN else str(sub_type))
        about = details if status == "STARTED" else {}
        label, parent = str(event.get("Name") or ""), event.get("ParentId")
        operation = Operation(name, kind, label, status, now, parent, about)
        found[name] = operation
    if status == "STARTED":
        operation.status = status
        if noun == "Step":
            operation.attempts.append(Attempt(now))
        return
    result, error = payload_of(details.get("Result")), error_of(details.get("Error"))
    again_after = (details.get("RetryDetails") or {}).get("NextAttemptDelaySeconds")
    if operation.attempts:
        attempt = operation.attempts[-1]
        attempt.ended, attempt.error, attempt.again_after = now, error, again_after
    if again_after is not None:
        operation.status = "PENDING"
        return
    operation.status, operation.ended = status, now
    operation.result, operation.error = result, error


_MODULE = re.compile(r"^(?:[a-z_][a-z0-9_]*\.)+(?=[A-Za-z_]\w*$)")
_HEAD = 8
_READABLE = 100_000
"""Characters of a payload above which it is shown as it is."""

_PLAIN = ("Step", "Wait", "Callback", "Context", "Map", "Parallel")


def payload_of(data: Any) -> str | None:
    """Return the text in the member of an event that holds the user's data."""
    payload = data.get("Payload") if isinstance(data, dict) else None
    return payload if payload is None or isinstance(payload, str) else json.dumps(payload)


def error_of(data: Any) -> Members | None:
    """Return the error in the member of an event that holds one."""
    payload = data.get("Payload") if isinstance(data, dict) else None
    return payload if isinstance(payload, dict) else None


def error_text(error: Members | None) -> str:
    """Return an error in one line; the module of its type is left out."""
    kind, message = (error or {}).get("ErrorType"), (error or {}).get("ErrorMessage")
    parts = (_MODULE.sub("", str(kind or "")), message)
    return ": ".join(str(part) for part in parts if part) or "without an error"


def plain_text(payload: str) -> str:
    """Return a payload as people would write it.

    AWS's SDK for Python writes results with the type of each value: {"t": "i", "v": 7} is 7.
    """
    odd = '"t"' in payload[:_HEAD] or "\\u" in payload
    if not odd or len(payload) > _READABLE:
        return payload
    try:
        return json.dumps(_untyped(json.loads(payload)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return payload


def _untyped(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"t", "v"}:
            return _untyped(value["v"])
        return {name: _untyped(member) for name, member in value.items()}
    return [_untyped(item) for item in value] if isinstance(value, list) else value
