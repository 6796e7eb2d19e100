"""The events in the history of an execution: what each records, and which operation it is about.

Source: the shape `Event` in the service model of the AWS SDKs.
"""

from __future__ import annotations

from typing import Any

from lambda_ric.emulator.durable.operation import (
    CALLBACK,
    CHAINED_INVOKE,
    CONTEXT,
    FAILED,
    PENDING,
    STARTED,
    STEP,
    SUCCEEDED,
    WAIT,
    ErrorObject,
    Operation,
    given,
    in_seconds,
)

Event = dict[str, Any]

_NOUNS = {
    CONTEXT: "Context",
    STEP: "Step",
    WAIT: "Wait",
    CALLBACK: "Callback",
    CHAINED_INVOKE: "ChainedInvoke",
}
_VERBS = {
    "STARTED": "Started",
    "SUCCEEDED": "Succeeded",
    "FAILED": "Failed",
    "CANCELLED": "Cancelled",
    "TIMED_OUT": "TimedOut",
    "STOPPED": "Stopped",
}


def data(payload: Any) -> dict[str, Any]:
    """Return user data as events hold it."""
    return given(Payload=payload) | {"Truncated": False}


def make_event(
    kind: str, now: float, details: dict[str, Any], operation: Operation | None = None
) -> Event:
    """Return an event without its number."""
    event: Event = {"EventType": kind, "EventTimestamp": in_seconds(now)}
    if operation is not None:
        event |= given(
            Id=operation.id,
            Name=operation.name,
            SubType=operation.sub_type,
            ParentId=operation.parent_id,
        )
    event[f"{kind}Details"] = details
    return event


def operation_event(operation: Operation, now: float, *, retry_after: int | None = None) -> Event:
    """Return the event for what an operation has just become.

    A step that will be tried again is PENDING; `retry_after` is its delay in seconds.
    """
    status = operation.status
    if status == PENDING:
        status = SUCCEEDED if operation.error is None else FAILED
    kind = _NOUNS[operation.type] + _VERBS[status]
    if status == STARTED:
        details = _start(operation)
    elif operation.type == WAIT:
        details = {"Duration": operation.duration} if status == SUCCEEDED else {}
    else:
        succeeded = status == SUCCEEDED
        details = (
            {"Result": data(operation.result)} if succeeded else {"Error": data(operation.error)}
        )
        if operation.type == STEP:
            details["RetryDetails"] = {
                "CurrentAttempt": operation.attempt,
                **given(NextAttemptDelaySeconds=retry_after),
            }
    return make_event(kind, now, details, operation)


def _start(operation: Operation) -> dict[str, Any]:
    if operation.type == WAIT:
        assert operation.due is not None
        return {
            "Duration": operation.duration,
            "ScheduledEndTimestamp": in_seconds(operation.due),
        }
    if operation.type == CALLBACK:
        return given(
            CallbackId=operation.callback_id,
            Timeout=operation.duration or None,
            HeartbeatTimeout=operation.heartbeat or None,
        )
    if operation.type == CHAINED_INVOKE:
        return given(FunctionName=operation.target, DurableExecutionArn=operation.child)
    return {}


def invocation_completed(
    request_id: str, started: float, now: float, error: ErrorObject | None
) -> Event:
    """Return the event for an invocation that has ended."""
    details: dict[str, Any] = {
        "StartTimestamp": in_seconds(started),
        "EndTimestamp": in_seconds(now),
        "RequestId": request_id,
        "Error": data(error) if error is not None else {},
    }
    return make_event("InvocationCompleted", now, details)


def without_data(event: Event) -> Event:
    """Return an event as it is shown to somebody who did not ask for the user's data."""
    shown = dict(event)
    name = f"{event['EventType']}Details"
    shown[name] = {
        member: {"Truncated": True} if isinstance(value, dict) and "Payload" in value else value
        for member, value in event[name].items()
    }
    return shown
