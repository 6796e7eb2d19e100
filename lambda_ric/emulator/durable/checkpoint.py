"""A checkpoint: a handler reports what it did, and learns what happened meanwhile."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lambda_ric.emulator.api_errors import invalid_parameter
from lambda_ric.emulator.durable import operation as op
from lambda_ric.emulator.durable.execution import (
    PAUSING,
    Ending,
    Execution,
    Invocation,
)
from lambda_ric.emulator.durable.history import data, operation_event
from lambda_ric.emulator.durable.operation import ErrorObject, Operation
from lambda_ric.emulator.durable.pages import changes_page
from lambda_ric.emulator.durable.rules import check_batch
from lambda_ric.emulator.durable.updates import CANCEL, FAIL, RETRY, START, Update

INVALID_TOKEN = "Invalid checkpoint token"
"""How the refusal of a token begins: the SDKs invoke again after this one alone."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a chained invoke leads to: an error, a plain function, or a new execution."""

    version: str | None = None
    child_arn: str | None = None
    error: ErrorObject | None = None


Resolve = Callable[[str], Target]
"""Finds the target of a chained invoke by the name that the handler used."""


def check_token(execution: Execution, token: str) -> Invocation:
    """Return the invocation that may use a token now. Raises ApiError."""
    invocation = execution.invocation
    if not execution.open or invocation is None or invocation.token != token:
        raise invalid_parameter(INVALID_TOKEN)
    return invocation


def checkpoint(
    execution: Execution,
    token: str,
    client_token: str | None,
    updates: Sequence[Update],
    resolve: Resolve,
    now: float,
) -> tuple[dict[str, Any], list[Operation]]:
    """Apply the updates of a handler, all or none. What is due must have happened before.

    Returns the answer, and the chained invokes that are to be started. A call that is repeated gets
    the same answer again. Raises ApiError for what the service refuses.
    """
    invocation = execution.invocation
    if invocation is not None and client_token and invocation.accepted == (client_token, token):
        return invocation.answer, []
    invocation = check_token(execution, token)
    is_child = execution.origin.parent_arn is not None
    check_batch(updates, execution.operations, is_child=is_child)
    targets = {
        update.id: resolve(update.target or "")
        for update in updates
        if update.type == op.CHAINED_INVOKE
    }
    chained = []
    for update in updates:
        if update.type == op.EXECUTION:
            status = op.FAILED if update.action == FAIL else op.SUCCEEDED
            execution.ending = Ending(status, update.payload, update.error)
            continue
        operation = _apply(execution, update, targets.get(update.id, Target()), now)
        if update.type == op.CHAINED_INVOKE and operation.status == op.STARTED:
            chained.append(operation)
    answer: dict[str, Any] = {"NewExecutionState": changes_page(execution)}
    execution.seen = execution.changes
    if execution.ending is not None or execution.status == PAUSING:
        invocation.token = None
    else:
        answer["CheckpointToken"] = execution.renew_token(invocation)
    invocation.accepted = (client_token, token)
    invocation.answer = answer
    return answer, chained


def _apply(execution: Execution, update: Update, target: Target, now: float) -> Operation:
    operation = execution.operations.get(update.id)
    if operation is None:
        operation = Operation(
            update.id,
            update.type,
            op.STARTED,
            now,
            name=update.name,
            parent_id=update.parent_id,
            sub_type=update.sub_type,
        )
        execution.add(operation)
    execution.touch(operation)
    if update.action == START:
        _start(execution, operation, update, target, now)
    elif update.action == RETRY:
        assert update.next_attempt is not None
        operation.status = op.PENDING
        operation.attempt += 1
        operation.due = now + update.next_attempt
        operation.result, operation.error = update.payload, update.error
        execution.timers.set_operation(operation)
        execution.record(operation_event(operation, now, retry_after=update.next_attempt))
    else:
        _close(operation, update, now)
        execution.record(operation_event(operation, now))
    return operation


def _close(operation: Operation, update: Update, now: float) -> None:
    operation.status = op.FAILED if update.action == FAIL else op.SUCCEEDED
    operation.ended = now
    if update.action == CANCEL:
        operation.status = op.CANCELLED
        return
    operation.result, operation.error = update.payload, update.error
    if operation.type == op.STEP:
        operation.attempt += 1
        operation.due = None
    operation.replay_children = update.replay_children


def _start(
    execution: Execution, operation: Operation, update: Update, target: Target, now: float
) -> None:
    operation.status = op.STARTED
    if operation.type == op.WAIT:
        operation.duration = update.wait or 0
        operation.due = now + operation.duration
    elif operation.type == op.CALLBACK:
        callback = f"{execution.origin.id} {operation.id}"
        operation.callback_id = b64encode(callback.encode()).decode()
        operation.duration, operation.heartbeat = update.timeout, update.heartbeat
        operation.due = now + update.timeout if update.timeout else None
        operation.heartbeat_due = now + update.heartbeat if update.heartbeat else None
    elif operation.type == op.CHAINED_INVOKE:
        operation.target, operation.child = update.target, target.child_arn
        operation.payload, operation.tenant_id = update.payload, update.tenant_id
    execution.timers.set_operation(operation)
    event = operation_event(operation, now)
    if operation.type == op.CHAINED_INVOKE:
        details = event["ChainedInvokeStartedDetails"]
        details |= op.given(TenantId=update.tenant_id, ExecutedVersion=target.version)
        if target.error is None:
            details["Input"] = data(update.payload)
    execution.record(event)
    if target.error is not None:
        operation.status = op.FAILED
        operation.ended = now
        operation.error, operation.payload = target.error, None
        execution.record(operation_event(operation, now))
