"""One operation of a durable execution, such as a step or a wait, and how it is written.

Source: the shape `Operation` in the service model of the AWS SDKs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

EXECUTION = "EXECUTION"
CONTEXT = "CONTEXT"
STEP = "STEP"
WAIT = "WAIT"
CALLBACK = "CALLBACK"
CHAINED_INVOKE = "CHAINED_INVOKE"

STARTED = "STARTED"
PENDING = "PENDING"
READY = "READY"
SUCCEEDED = "SUCCEEDED"
FAILED = "FAILED"
CANCELLED = "CANCELLED"
TIMED_OUT = "TIMED_OUT"
STOPPED = "STOPPED"

ErrorObject = dict[str, Any]
"""An error as it travels: ErrorMessage, ErrorType, ErrorData, StackTrace; all are optional."""

Moment = Callable[[float], float]
"""Writes a time, given in seconds since the epoch."""


def in_seconds(time: float) -> float:
    """Write a time as the APIs do."""
    return round(time, 3)


def in_milliseconds(time: float) -> float:
    """Write a time as the events of handlers do."""
    return int(time * 1_000)


def given(**members: Any) -> dict[str, Any]:
    """Return the members that have a value."""
    return {name: value for name, value in members.items() if value is not None}


@dataclass(slots=True)
class Operation:
    """One operation. Times are in seconds since the epoch, durations in seconds.

    `position` is its place among the operations of its execution, in the order in which they began.
    `changed` counts with the changes of its execution. `due` is when a wait ends, a step is tried
    again, or a callback times out. A chained invoke sends `payload` to the function `target`, for
    a tenant if it has tenants; if that function is durable, `child` is the ARN of its execution.
    """

    id: str
    type: str
    status: str
    started: float
    position: int = 0
    name: str | None = None
    parent_id: str | None = None
    sub_type: str | None = None
    ended: float | None = None
    result: str | None = None
    error: ErrorObject | None = None
    attempt: int = 0
    due: float | None = None
    duration: int = 0
    replay_children: bool = False
    callback_id: str | None = None
    heartbeat: int = 0
    heartbeat_due: float | None = None
    target: str | None = None
    child: str | None = None
    payload: str | None = None
    tenant_id: str | None = None
    changed: int = 0

    @property
    def waits(self) -> bool:
        """Whether something outside the handler will change it."""
        if self.type in (WAIT, CALLBACK, CHAINED_INVOKE):
            return self.status == STARTED
        return self.status == PENDING

    def wire(self, moment: Moment) -> dict[str, Any]:
        """Return it as it travels."""
        return given(
            Id=self.id,
            ParentId=self.parent_id,
            Name=self.name,
            Type=self.type,
            SubType=self.sub_type,
            StartTimestamp=moment(self.started),
            EndTimestamp=None if self.ended is None else moment(self.ended),
            Status=self.status,
        ) | self._details(moment)

    def _details(self, moment: Moment) -> dict[str, Any]:
        due = None if self.due is None else moment(self.due)
        outcome = given(Result=self.result, Error=self.error)
        if self.type == STEP:
            step = given(Attempt=self.attempt, NextAttemptTimestamp=due)
            return {"StepDetails": step | outcome}
        if self.type == CONTEXT:
            return {"ContextDetails": {"ReplayChildren": self.replay_children, **outcome}}
        if self.type == WAIT:
            return {"WaitDetails": given(ScheduledEndTimestamp=due)}
        if self.type == CALLBACK:
            return {"CallbackDetails": {"CallbackId": self.callback_id, **outcome}}
        return {"ChainedInvokeDetails": outcome}
