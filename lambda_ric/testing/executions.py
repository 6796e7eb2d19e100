"""The durable executions of an emulator in a test: wait for them, complete their callbacks."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import Any, TypeVar

from lambda_ric.emulator import Service
from lambda_ric.emulator.durable import callbacks, control
from lambda_ric.emulator.durable.execution import Execution
from lambda_ric.emulator.durable.operation import CALLBACK, STARTED, given
from lambda_ric.testing.service_thread import ServiceThread

PATIENCE = 30.0
"""Seconds that a test waits by default."""

T = TypeVar("T")


@dataclass(frozen=True)
class DurableExecution:
    """One execution as it was at a moment.

    `status` is RUNNING, PAUSED, SUCCEEDED, FAILED, TIMED_OUT or STOPPED. `result` is parsed; it is
    None unless the execution succeeded. `error` has ErrorType and ErrorMessage. `history` are the
    events of GetDurableExecutionHistory.
    """

    arn: str
    name: str
    status: str
    result: Any
    error: dict[str, Any] | None
    history: list[dict[str, Any]]

    @property
    def events(self) -> list[str]:
        """The types of the events, such as StepSucceeded, in their order."""
        return [event["EventType"] for event in self.history]


class DurableExecutions:
    """All executions of one emulator."""

    def __init__(self, thread: ServiceThread) -> None:
        self._thread = thread

    def get(self, arn: str) -> DurableExecution:
        """Return an execution. Raises ApiError for an unknown ARN."""
        return self._thread.ask(lambda service: _shown(service.executions.get(arn)))

    def list(self, function: str | None = None) -> list[DurableExecution]:
        """Return the executions of a function, or all of them, the oldest first."""

        def find(service: Service) -> list[DurableExecution]:
            executions = service.executions
            executions.forget_expired()
            found = [
                summary
                for name in ([function] if function else executions.functions)
                for summary in executions.store.summaries(name)
            ]
            found.sort(key=lambda summary: summary.started)
            return [_shown(executions.get(summary.arn)) for summary in found]

        return self._thread.ask(find)

    def wait(self, arn: str, *, timeout: float = PATIENCE) -> DurableExecution:
        """Wait until an execution has ended. Raises TimeoutError."""
        return self._until(arn, "ended", lambda execution: not execution.open or None, timeout)[1]

    def wait_for_status(
        self, arn: str, *statuses: str, timeout: float = PATIENCE
    ) -> DurableExecution:
        """Wait until an execution has one of these statuses.

        Raises LookupError if it has ended with another one, and TimeoutError.
        """

        def find(execution: Execution) -> bool | None:
            return execution.status in statuses or None

        return self._until(arn, f"been {' or '.join(statuses)}", find, timeout)[1]

    def wait_for_event(
        self, arn: str, event_type: str, *, timeout: float = PATIENCE
    ) -> DurableExecution:
        """Wait until the history has an event, such as WaitStarted, and the handler does not run.

        The clock can be put forward then. Raises LookupError if the execution has ended without
        that event, and TimeoutError.
        """

        def find(execution: Execution) -> bool | None:
            known = any(event["EventType"] == event_type for event in execution.events)
            return (known and _rests(execution)) or None

        return self._until(arn, f"had the event {event_type}", find, timeout)[1]

    def stop(self, arn: str, error_type: str | None = None, message: str = "") -> None:
        """End an execution, as StopDurableExecution does. Raises ApiError for an unknown ARN."""
        error = given(ErrorType=error_type, ErrorMessage=message or None)

        def end(service: Service) -> None:
            execution = service.executions.get(arn)
            control.stop(execution, error, service.executions.now(execution))
            service.executions.settle(execution)

        self._thread.ask(end)

    def wait_for_callback(
        self, arn: str, name: str | None = None, *, timeout: float = PATIENCE
    ) -> str:
        """Wait until a callback can be completed, of this name if one is given; return its id.

        Raises LookupError if the execution has ended, and TimeoutError.
        """

        def find(execution: Execution) -> str | None:
            if not execution.open or not _rests(execution):
                return None
            for operation in execution.operations.values():
                is_open = operation.type == CALLBACK and operation.status == STARTED
                if is_open and name in (None, operation.name):
                    return operation.callback_id
            return None

        wanted = "waited for a callback" if name is None else f"waited for the callback {name}"
        return self._until(arn, wanted, find, timeout)[0]

    def succeed(self, callback_id: str, result: Any = None) -> None:
        """Complete a callback with a result, which is sent as JSON. Raises ApiError."""
        body = json.dumps(result).encode()
        self._thread.ask(lambda service: callbacks.succeed(service.executions, callback_id, body))

    def fail(self, callback_id: str, error_type: str | None = None, message: str = "") -> None:
        """Complete a callback with an error. Raises ApiError."""
        error = given(ErrorType=error_type, ErrorMessage=message)
        self._thread.ask(lambda service: callbacks.fail(service.executions, callback_id, error))

    def heartbeat(self, callback_id: str) -> None:
        """Report that a callback is still worked on. Raises ApiError."""
        self._thread.ask(lambda service: callbacks.heartbeat(service.executions, callback_id))

    def _until(
        self, arn: str, wanted: str, find: Callable[[Execution], T | None], timeout: float
    ) -> tuple[T, DurableExecution]:
        """Return what is found in an execution as soon as there is something, with all of it.

        Raises LookupError if it has ended and there is nothing; `wanted` says what there is not.
        """
        found: Future[tuple[T, DurableExecution]] = Future()

        def look(execution: Execution) -> None:
            if execution.origin.arn != arn or found.done():
                return
            value = find(execution)
            if value is not None:
                found.set_result((value, _shown(execution)))
            elif not execution.open:
                found.set_exception(LookupError(_missed(execution, wanted)))

        self._thread.ask(lambda service: service.executions.on_change.append(look))
        try:
            self._thread.ask(lambda service: look(service.executions.get(arn)))
            return found.result(timeout)
        except FutureTimeout:
            status = self.get(arn).status
            message = f"{arn} is {status} after {timeout:g} seconds, and has not {wanted}"
            raise TimeoutError(message) from None
        finally:
            self._thread.ask(lambda service: service.executions.on_change.remove(look))


def _rests(execution: Execution) -> bool:
    """Whether no invocation of the handler is under way that could still change anything."""
    return execution.invocation is None or not execution.open


def _missed(execution: Execution, wanted: str) -> str:
    """Return what to say of an execution that has ended too early."""
    text = f"{execution.origin.arn} has ended as {execution.status}, and has not {wanted}"
    error = execution.ending.error if execution.ending is not None else None
    if error:
        text += f": {error.get('ErrorType', '')}: {error.get('ErrorMessage', '')}"
    return text


def _shown(execution: Execution) -> DurableExecution:
    ending = None if execution.open else execution.ending
    result = json.loads(ending.result) if ending is not None and ending.result else None
    origin = execution.origin
    error = None if ending is None else ending.error
    return DurableExecution(
        origin.arn, origin.name, execution.status, result, error, list(execution.events)
    )
