"""Callbacks: others than the handler complete them, by an id that is all they know."""

from __future__ import annotations

from base64 import b64decode

from lambda_ric.emulator.api_errors import invalid_parameter
from lambda_ric.emulator.durable import control
from lambda_ric.emulator.durable.execution import Execution
from lambda_ric.emulator.durable.executions import Executions
from lambda_ric.emulator.durable.operation import FAILED, SUCCEEDED, ErrorObject, Operation


def succeed(executions: Executions, callback_id: str, result: bytes) -> None:
    """Complete a callback with a result. Raises ApiError."""
    execution, operation = _find(executions, callback_id)
    try:
        text = result.decode() if result else None
    except UnicodeDecodeError:
        raise invalid_parameter("The result of a callback must be UTF-8.") from None
    execution.close(operation, SUCCEEDED, executions.now(execution), text)
    executions.settle(execution)


def fail(executions: Executions, callback_id: str, error: ErrorObject) -> None:
    """Complete a callback with an error. Raises ApiError."""
    execution, operation = _find(executions, callback_id)
    execution.close(operation, FAILED, executions.now(execution), error=error)
    executions.settle(execution)


def heartbeat(executions: Executions, callback_id: str) -> None:
    """Note that somebody still works on a callback. Raises ApiError."""
    execution, operation = _find(executions, callback_id)
    control.heartbeat(execution, operation, executions.now(execution))
    executions.settle(execution)


def _find(executions: Executions, callback_id: str) -> tuple[Execution, Operation]:
    try:
        text = b64decode(callback_id, validate=True).decode("ascii")
    except ValueError:
        raise invalid_parameter("The id of the callback is malformed.") from None
    execution_id, _, operation_id = text.partition(" ")
    arn = executions.store.identified(execution_id)
    if arn is None:
        raise control.no_callback()
    execution = executions.get(arn)
    executions.catch_up(execution)
    return execution, control.open_callback(execution, operation_id)
