"""Chained invokes: a handler invokes another function, and waits for it without running."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from lambda_ric.emulator.api_errors import invalid_parameter
from lambda_ric.emulator.durable import control
from lambda_ric.emulator.durable.checkpoint import Target
from lambda_ric.emulator.durable.execution import Ending, Execution
from lambda_ric.emulator.durable.operation import (
    CHAINED_INVOKE,
    STARTED,
    TIMED_OUT,
    Operation,
)
from lambda_ric.emulator.durable.requests import StartRequest
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.function_name import parse_name

if TYPE_CHECKING:
    from lambda_ric.emulator.durable.executions import Executions


class ChainedInvokes:
    """Starts what handlers invoke, and tells their executions how that ended."""

    def __init__(self, executions: Executions) -> None:
        self._executions = executions

    def resolve(self, execution: Execution, name: str) -> Target:
        """Return what a chained invoke leads to. Raises ApiError for a malformed name."""
        functions = self._executions.functions
        caller = functions[execution.origin.function].function
        try:
            bare, qualifier = parse_name(name)
        except ValueError:
            raise invalid_parameter(f"Invalid function ARN '{name}'") from None
        scheduler = functions.get(bare)
        if scheduler is None or not _same_place(name, caller):
            error = {
                "ErrorType": "ResourceNotFoundException",
                "ErrorMessage": f"Function not found: {name}",
            }
            return Target(error=error)
        function = scheduler.function
        version = function.executed_version(qualifier)
        if function.durable is None:
            return Target(version)
        return Target(version, self._executions.new_arn(function, version, str(uuid4())))

    def start(self, execution: Execution, operation: Operation) -> None:
        """Start what a chained invoke leads to."""
        bare, qualifier = parse_name(operation.target or "")
        function = self._executions.functions[bare].function
        request = StartRequest(
            function,
            function.executed_version(qualifier),
            "{}" if operation.payload is None else operation.payload,
            tenant_id=operation.tenant_id,
            trace_id=execution.origin.trace_id,
        )
        if operation.child is None:
            self._executions.invoker.invoke_plain(execution, operation.id, request)
        else:
            parent = (execution, operation.id)
            self._executions.settle(self._executions.begin(request, operation.child, parent))

    def take_up(self, execution: Execution) -> None:
        """Go on with those whose outcome had not arrived when the emulator ended."""
        for operation in list(execution.operations.values()):
            if operation.type != CHAINED_INVOKE or operation.status != STARTED:
                continue
            child = self._executions.store.load(operation.child) if operation.child else None
            if child is None:
                self.start(execution, operation)
            elif not child.open:
                self.child_ended(child)

    def child_ended(self, child: Execution) -> None:
        """Tell the execution that waits for this one, if any does."""
        origin, ending = child.origin, child.ending
        parent = self._executions.running.get(origin.parent_arn or "")
        if parent is None or origin.parent_operation is None or ending is None:
            return
        if ending.status == TIMED_OUT:
            message = f"CHAINED_INVOKE timed out after {origin.timeout} seconds."
            error = {"ErrorType": "ChainedInvoke.Timeout", "ErrorMessage": message}
            ending = Ending(TIMED_OUT, error=error)
        parent.ahead = max(parent.ahead, child.ahead)
        self.ended(parent, origin.parent_operation, ending)

    def ended(self, execution: Execution, operation_id: str, ending: Ending) -> None:
        """Note how a chained invoke ended."""
        if not self._executions.closed:
            now = self._executions.now(execution)
            control.finish_target(execution, operation_id, ending, now)
            self._executions.settle(execution)


def awaits_target(execution: Execution) -> bool:
    """Whether a chained invoke is under way, which takes real time."""
    return any(
        operation.type == CHAINED_INVOKE and operation.status == STARTED
        for operation in execution.operations.values()
    )


def _same_place(name: str, caller: FunctionConfig) -> bool:
    """Whether a name is no ARN, or the ARN of a function in the caller's account and region."""
    return not name.startswith("arn:") or name.startswith(caller.arn().rpartition(":")[0])
