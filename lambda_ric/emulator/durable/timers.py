"""The moments at which something happens to an execution by itself: one heap, in order."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from lambda_ric.emulator.durable.operation import (
    CALLBACK,
    PENDING,
    READY,
    STARTED,
    STEP,
    SUCCEEDED,
    TIMED_OUT,
    WAIT,
    Operation,
)

if TYPE_CHECKING:
    from lambda_ric.emulator.durable.execution import Execution

_EXECUTION = "execution"
_RETRY = "retry"
_DUE = "due"
_HEARTBEAT = "heartbeat"


class Timers:
    """The timers of one execution. One whose moment has moved since is dropped when it is met."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._heap: list[tuple[float, int, str, str]] = []
        self._set = 0

    def set_all(self) -> None:
        """Set the timers of the execution itself and of all its operations."""
        self._heap.clear()
        self.set_execution()
        for operation in self._execution.operations.values():
            if operation.waits:
                self.set_operation(operation)
        heapify(self._heap)

    def set_execution(self) -> None:
        """Set the timers of the execution itself."""
        self._push(self._execution.timeout_due, _EXECUTION)
        self._push(self._execution.retry_due, _RETRY)

    def set_operation(self, operation: Operation) -> None:
        """Set the timers of one operation."""
        self._push(operation.due, _DUE, operation.id)
        self._push(operation.heartbeat_due, _HEARTBEAT, operation.id)

    def next_due(self) -> float | None:
        """Return the next moment at which something happens by itself."""
        while self._heap and not self._is_current(*self._heap[0]):
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def next_skippable(self) -> float | None:
        """Return the end of the next wait or delay; nobody outside could end these sooner."""
        execution = self._execution
        moments = [
            operation.due
            for operation in execution.operations.values()
            if operation.due is not None and operation.type != CALLBACK and operation.waits
        ]
        if execution.retry_due is not None:
            moments.append(execution.retry_due)
        return min(moments, default=None)

    def fire(self, now: float) -> bool:
        """Let everything happen that is due. Returns whether anything was."""
        fired = False
        while self._execution.open:
            due = self.next_due()
            if due is None or due > now:
                break
            _, _, kind, name = heappop(self._heap)
            self._happen(kind, name, now)
            fired = True
        return fired

    def _happen(self, kind: str, name: str, now: float) -> None:
        execution = self._execution
        if kind == _EXECUTION:
            execution.time_out(now)
        elif kind == _RETRY:
            execution.retry_due = None
            execution.wanted = True
        else:
            operation = execution.operations[name]
            if operation.type == CALLBACK:
                _time_out(execution, operation, kind, now)
            elif operation.type == WAIT:
                execution.close(operation, SUCCEEDED, now)
            else:
                operation.status = READY
                operation.due = None
                execution.change_from_outside(operation, now)

    def _push(self, due: float | None, kind: str, name: str = "") -> None:
        if due is not None:
            self._set += 1
            heappush(self._heap, (due, self._set, kind, name))

    def _is_current(self, due: float, order: int, kind: str, name: str) -> bool:
        execution = self._execution
        if kind == _EXECUTION:
            return due == execution.timeout_due
        if kind == _RETRY:
            return due == execution.retry_due
        operation = execution.operations[name]
        if kind == _HEARTBEAT:
            return operation.status == STARTED and due == operation.heartbeat_due
        return operation.status == (PENDING if operation.type == STEP else STARTED) and (
            due == operation.due
        )


def _time_out(execution: Execution, operation: Operation, kind: str, now: float) -> None:
    error = {"ErrorType": "Callback.Timeout", "ErrorMessage": "Callback timed out"}
    if kind == _HEARTBEAT:
        error = {
            "ErrorType": "Callback.Heartbeat",
            "ErrorMessage": "Callback timed out on heartbeat",
        }
    execution.close(operation, TIMED_OUT, now, error=error)
