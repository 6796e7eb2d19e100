"""What a checkpoint may contain. A batch is checked as a whole, before any of it is applied.

The texts are the service's own, as AWS's testing library for durable functions repeats them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from lambda_ric.emulator.api_errors import invalid_parameter
from lambda_ric.emulator.durable.operation import (
    CALLBACK,
    CHAINED_INVOKE,
    CONTEXT,
    EXECUTION,
    READY,
    STARTED,
    STEP,
    WAIT,
    Operation,
)
from lambda_ric.emulator.durable.updates import CANCEL, FAIL, RETRY, START, SUCCEED, Update

MAX_ERROR = 32_768
"""Size of an error object in bytes, as JSON."""

MAX_CHAINED = 1_048_576
"""Bytes that a chained invoke may send, and get back."""

INPUT_TOO_LARGE = (
    f"CHAINED_INVOKE input payload size must be less than or equal to {MAX_CHAINED} bytes."
)
OUTPUT_TOO_LARGE = (
    f"Execution output payload size must be less than or equal to {MAX_CHAINED} bytes."
)

_ACTIONS = {
    STEP: (START, SUCCEED, FAIL, RETRY),
    CONTEXT: (START, SUCCEED, FAIL),
    WAIT: (START, CANCEL),
    CALLBACK: (START,),
    CHAINED_INVOKE: (START,),
    EXECUTION: (SUCCEED, FAIL),
}


def check_batch(
    updates: Sequence[Update], operations: Mapping[str, Operation], *, is_child: bool
) -> None:
    """Check the updates of a checkpoint against the operations so far. Raises ApiError.

    `is_child` says that a chained invoke waits for the result of the execution.
    """
    of_execution = [update for update in updates if update.type == EXECUTION]
    if len(of_execution) > 1:
        raise invalid_parameter("Cannot checkpoint multiple EXECUTION updates.")
    if of_execution and updates[-1].type != EXECUTION:
        raise invalid_parameter("EXECUTION checkpoint must be the last update.")
    _check_ids(updates, operations)
    for update in updates:
        operation = operations.get(update.id)
        if operation is not None:
            _check_identity(update, operation)
        _check_sizes(update, is_child)
        if update.action not in _ACTIONS[update.type]:
            raise invalid_parameter("Invalid action for the given operation type.")
        _check_members(update)
        _check_transition(update, operation)


def _check_ids(updates: Sequence[Update], operations: Mapping[str, Operation]) -> None:
    started: dict[str, str] = {}
    last: dict[str, Update] = {}
    for update in updates:
        before = last.get(update.id)
        if before is not None and not (
            before.type in (STEP, CONTEXT) and before.action == START and update.action != START
        ):
            raise invalid_parameter("Cannot checkpoint multiple operations with the same ID.")
        if before is not None and before.type != update.type:
            raise invalid_parameter("Inconsistent operation type.")
        last[update.id] = update
        parent = update.parent_id
        if parent is not None:
            known = operations.get(parent)
            kind = started.get(parent) or (known.type if known is not None else None)
            if kind != CONTEXT:
                raise invalid_parameter("Invalid parent operation id.")
        if update.action == START:
            started[update.id] = update.type


def _check_identity(update: Update, operation: Operation) -> None:
    if update.type != operation.type:
        raise invalid_parameter("Inconsistent operation type.")
    if update.sub_type not in (None, operation.sub_type):
        raise invalid_parameter("Inconsistent operation subtype.")
    if update.name not in (None, operation.name):
        raise invalid_parameter("Inconsistent operation name.")
    if update.parent_id not in (None, operation.parent_id):
        raise invalid_parameter("Inconsistent parent operation id.")


def _check_sizes(update: Update, is_child: bool) -> None:
    if update.error is not None and len(json.dumps(update.error)) > MAX_ERROR:
        raise invalid_parameter(f"Error object size must be less than {MAX_ERROR} bytes.")
    if update.payload is None or len(update.payload.encode()) <= MAX_CHAINED:
        return
    if update.type == CHAINED_INVOKE:
        raise invalid_parameter(INPUT_TOO_LARGE)
    if update.type == EXECUTION and is_child:
        raise invalid_parameter(OUTPUT_TOO_LARGE)


def _check_members(update: Update) -> None:
    if update.action == FAIL and update.payload is not None:
        raise invalid_parameter("Cannot provide a Payload for FAIL action.")
    if update.action == SUCCEED and update.error is not None:
        raise invalid_parameter("Cannot provide an Error for SUCCEED action.")
    if update.action == RETRY:
        if update.next_attempt is None:
            raise invalid_parameter("Invalid StepOptions for the given action.")
        if update.error is not None and update.payload is not None:
            raise invalid_parameter("Cannot provide both error and payload to RETRY a STEP.")
    if update.action == START:
        if update.type == CHAINED_INVOKE and update.target is None:
            text = "Update for CHAINED_INVOKE operation requires ChainedInvokeOptions."
            raise invalid_parameter(text)
        if update.type == WAIT and update.wait is None:
            raise invalid_parameter("Invalid WaitOptions for the given action.")


def _check_transition(update: Update, operation: Operation | None) -> None:
    status = operation.status if operation is not None else None
    if update.type == WAIT and update.action == CANCEL and status != STARTED:
        text = "Cannot cancel a WAIT that does not exist or has already completed."
        raise invalid_parameter(text)
    if operation is None or update.type == EXECUTION:
        return
    if update.type == STEP:
        _check_step(update, operation.status)
    elif update.action == START:
        raise invalid_parameter(f"Cannot start a {update.type} that already exist.")
    elif update.type == CONTEXT and status != STARTED:
        raise invalid_parameter("Invalid current CONTEXT state to close.")


def _check_step(update: Update, status: str) -> None:
    if update.action == START:
        if status != READY:
            raise invalid_parameter("Invalid current STEP state to start.")
    elif status not in (STARTED, READY):
        verb = "re-attempt" if update.action == RETRY else "close"
        raise invalid_parameter(f"Invalid current STEP state to {verb}.")
