"""What an invocation of a durable function returned, and what its execution makes of that."""

from __future__ import annotations

import json
from typing import Any

from lambda_ric.emulator.durable import history
from lambda_ric.emulator.durable.execution import Ending, Execution, Invocation
from lambda_ric.emulator.durable.operation import FAILED, SUCCEEDED, ErrorObject
from lambda_ric.emulator.durable.rules import MAX_CHAINED, OUTPUT_TOO_LARGE

RETRY_DELAY = 5.0
"""Seconds until a failed invocation is tried again."""

MAX_FAILURES = 5
"""Failed invocations in a row that end an execution."""

MAX_IDLE_ANSWERS = 3
"""Answers in a row that the handler waits, though nothing is pending, that end an execution."""

_PENDING = "PENDING"


def invocation_failed(execution: Execution, body: bytes, now: float) -> None:
    """Take in that an invocation ended with the error in `body`."""
    error = error_of(body)
    if _finish(execution, now, error) is not None:
        execution.failures += 1
        _retry(execution, error, execution.failures < MAX_FAILURES, now)


def invocation_answered(execution: Execution, body: bytes, now: float) -> None:
    """Take in what an invocation returned."""
    invocation = _finish(execution, now)
    if invocation is None:
        return
    execution.failures = 0
    try:
        status, ending = _read(body)
        if ending is not None:
            _check_child(execution, ending)
    except ValueError as problem:
        execution.end(Ending(FAILED, error=_invalid(str(problem))), now)
        return
    if ending is not None:
        execution.end(ending, now)
        return
    news = execution.has_news(invocation)
    if status == _PENDING and not (news or invocation.token is None or execution.waits()):
        execution.idle_answers += 1
        error = _invalid("Cannot return PENDING status with no pending operations.")
        _retry(execution, error, execution.idle_answers < MAX_IDLE_ANSWERS, now)
        return
    execution.idle_answers = 0
    execution.wanted = news or invocation.token is None
    execution.settle_pause(now)


def _finish(
    execution: Execution, now: float, error: ErrorObject | None = None
) -> Invocation | None:
    """End the invocation that is under way; returns it if the execution goes on after that."""
    invocation = execution.invocation
    if invocation is None:
        return None
    execution.invocation = None
    event = history.invocation_completed(invocation.request_id, invocation.started, now, error)
    execution.record(event)
    if not execution.open:
        return None
    if execution.ending is not None:  # a checkpoint has said how it ends
        execution.end(execution.ending, now)
        return None
    return invocation


def _retry(execution: Execution, error: ErrorObject, again: bool, now: float) -> None:
    if not again:
        execution.end(Ending(FAILED, error=error), now)
        return
    execution.retry_due = now + RETRY_DELAY
    execution.timers.set_execution()
    execution.settle_pause(now)


def _read(body: bytes) -> tuple[str, Ending | None]:
    """Return the status of an answer, and the end of the execution if it is one.

    Raises ValueError for an answer that the service does not understand.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise ValueError(f"Invalid invocation output: {problem}") from None
    if not isinstance(answer, dict):
        raise ValueError("Invalid invocation output: it must be a JSON object.")
    status, result, error = (answer.get(name) for name in ("Status", "Result", "Error"))
    if status not in (SUCCEEDED, FAILED, _PENDING):
        raise ValueError(f"Invalid invocation output: unexpected Status {status!r}.")
    if status == FAILED and result is not None:
        raise ValueError("Cannot provide a Result for FAILED status.")
    if status == SUCCEEDED and error is not None:
        raise ValueError("Cannot provide an Error for SUCCEEDED status.")
    if not isinstance(result, str | None) or not isinstance(error, dict | None):
        raise ValueError("Invalid invocation output: Result is no string, or Error no object.")
    return status, None if status == _PENDING else Ending(status, result, error)


def _check_child(execution: Execution, ending: Ending) -> None:
    result = ending.result
    if execution.origin.parent_arn and result and len(result.encode()) > MAX_CHAINED:
        raise ValueError(OUTPUT_TOO_LARGE)


def error_of(body: bytes) -> ErrorObject:
    """Return the error object for the body of a function error."""
    try:
        report: Any = json.loads(body)
    except ValueError:
        report = None
    if not isinstance(report, dict):
        return {"ErrorMessage": body.decode("utf-8", "replace")}
    error: ErrorObject = {}
    for name, member in (("ErrorMessage", "errorMessage"), ("ErrorType", "errorType")):
        if report.get(member) is not None:
            error[name] = str(report[member])
    trace = report.get("stackTrace")
    if isinstance(trace, list) and trace:
        error["StackTrace"] = [str(line) for line in trace]
    return error


def report_of(error: ErrorObject | None) -> bytes:
    """Return the body of a function error for an error object."""
    error = error or {}
    report = {
        "errorType": error.get("ErrorType", "Unhandled"),
        "errorMessage": error.get("ErrorMessage", ""),
        "stackTrace": error.get("StackTrace", []),
    }
    if "ErrorData" in error:
        report["errorData"] = error["ErrorData"]
    return json.dumps(report).encode()


def _invalid(message: str) -> ErrorObject:
    return {"ErrorType": "InvalidParameterValueException", "ErrorMessage": message}
