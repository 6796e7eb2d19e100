"""What others than its handler do to an execution: complete a callback, stop, pause, resume."""

from __future__ import annotations

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.durable.execution import (
    PAUSED,
    PAUSING,
    RUNNING,
    Ending,
    Execution,
    Pause,
)
from lambda_ric.emulator.durable.history import data, make_event
from lambda_ric.emulator.durable.operation import (
    CALLBACK,
    STARTED,
    STOPPED,
    TIMED_OUT,
    ErrorObject,
    Operation,
    given,
    in_seconds,
)

STOP_MESSAGE = "Execution stopped by user request"


def open_callback(execution: Execution, operation_id: str) -> Operation:
    """Return a callback that can still be completed. Raises ApiError."""
    operation = execution.operations.get(operation_id)
    if operation is None or operation.type != CALLBACK:
        raise no_callback()
    if operation.status == TIMED_OUT:
        message = "The callback has timed out."
        raise ApiError(400, "CallbackTimeoutException", message, key="Message")
    if operation.status != STARTED or not execution.open:
        raise ApiError(
            404, "ResourceNotFoundException", "The callback has been completed.", key="Message"
        )
    return operation


def no_callback() -> ApiError:
    """Return the error for the id of a callback that does not exist."""
    return ApiError(404, "ResourceNotFoundException", "There is no such callback.", key="Message")


def heartbeat(execution: Execution, operation: Operation, now: float) -> None:
    """Note that somebody still works on a callback."""
    if operation.heartbeat:
        operation.heartbeat_due = now + operation.heartbeat
        execution.timers.set_operation(operation)
        execution.dirty.add(operation.id)


def finish_target(
    execution: Execution,
    operation_id: str,
    outcome: Ending,
    now: float,
) -> None:
    """Note how a chained invoke ended, unless the execution no longer waits for it."""
    operation = execution.operations[operation_id]
    if execution.open and operation.status == STARTED:
        execution.close(operation, outcome.status, now, outcome.result, outcome.error)


def stop(execution: Execution, error: ErrorObject | None, now: float) -> float:
    """End an execution, and return when it ended. One that has ended before stays as it is."""
    if execution.open:
        execution.end(Ending(STOPPED, error=error or {"ErrorMessage": STOP_MESSAGE}), now)
    assert execution.ended is not None
    return execution.ended


def pause(execution: Execution, reason: str | None, stop_clock: bool, now: float) -> None:
    """Let the handler not be invoked until `resume`. Raises ApiError if it cannot be paused.

    A running invocation may checkpoint once more. With `stop_clock` the time-out of the execution
    waits too.
    """
    if execution.status != RUNNING:
        raise _conflict(f"The execution is {execution.status}, and cannot be paused.")
    remaining = None
    if stop_clock and execution.timeout_due is not None:
        remaining = execution.timeout_due - now
        execution.timeout_due = None
    execution.pause = Pause(now, reason, remaining)
    execution.status = PAUSING
    execution.settle_pause(now)


def resume(execution: Execution, reason: str | None, now: float) -> None:
    """Let the handler be invoked again. Raises ApiError for an execution that is not paused."""
    paused = execution.pause
    if execution.status not in (PAUSING, PAUSED) or paused is None:
        raise _conflict(f"The execution is {execution.status}, and not paused.")
    if execution.status == PAUSING:
        execution.record_pause(now)
    execution.status = RUNNING
    execution.pause = None
    if paused.remaining is not None:
        execution.timeout_due = now + paused.remaining
        execution.timers.set_execution()
    details = {
        "ResumeRequestTimestamp": in_seconds(now),
        **given(Reason=data(reason) if reason else None),
    }
    execution.record(make_event("ExecutionResumed", now, details))


def check_deletable(execution: Execution) -> None:
    """Raise ApiError for an execution that has not ended."""
    if execution.open:
        raise _conflict(f"The execution is {execution.status}; stop it before you delete it.")


def _conflict(message: str) -> ApiError:
    return ApiError(409, "ResourceConflictException", message)
