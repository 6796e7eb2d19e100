"""Invokes handlers for their executions, and the plain functions that handlers invoke."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.durable import output
from lambda_ric.emulator.durable.execution import Ending, Execution
from lambda_ric.emulator.durable.operation import FAILED, SUCCEEDED, TIMED_OUT
from lambda_ric.emulator.durable.pages import first_page
from lambda_ric.emulator.durable.requests import StartRequest
from lambda_ric.emulator.durable.rules import MAX_CHAINED
from lambda_ric.emulator.invoke import CallbackInvoke, Outcome, new_request_id, new_trace_id
from lambda_ric.emulator.scheduling.scheduler import Scheduler, Throttled
from lambda_ric.wire.runtime_api import Invocation

THROTTLED_DELAY = 0.5
"""Seconds until an invoke that was throttled is submitted again."""


class Invoker:
    """Submits invokes to the schedulers of functions, and hands their outcomes on."""

    def __init__(
        self,
        functions: Mapping[str, Scheduler],
        clock: Clock,
        invocation_ended: Callable[[Execution, Outcome], None],
        target_ended: Callable[[Execution, str, Ending], None],
    ) -> None:
        self._functions = functions
        self._clock = clock
        self._invocation_ended = invocation_ended
        self._target_ended = target_ended

    def invoke(self, execution: Execution, now: float) -> None:
        """Invoke the handler of an execution."""
        origin = execution.origin
        scheduler = self._functions[origin.function]
        request_id = new_request_id()
        updated = execution.begin_invocation(request_id, now)
        assert execution.invocation is not None
        event = {
            "DurableExecutionArn": origin.arn,
            "CheckpointToken": execution.invocation.token,
            "InitialExecutionState": first_page(execution),
            "UpdatedOperationIds": updated,
        }
        invocation = Invocation(
            request_id,
            json.dumps(event).encode(),
            function_arn=scheduler.function.arn(origin.version),
            trace_id=origin.trace_id or new_trace_id(),
            tenant_id=origin.tenant_id,
        )

        def then(outcome: Outcome) -> None:
            self._invocation_ended(execution, outcome)

        self._submit(scheduler, invocation, origin.version, then)

    def invoke_plain(self, execution: Execution, operation_id: str, request: StartRequest) -> None:
        """Invoke a function that is not durable, for a chained invoke."""
        scheduler = self._functions[request.function.name]
        invocation = Invocation(
            new_request_id(),
            request.input.encode(),
            function_arn=scheduler.function.arn(request.version),
            trace_id=request.trace_id or new_trace_id(),
            tenant_id=request.tenant_id,
        )

        def then(outcome: Outcome) -> None:
            self._target_ended(execution, operation_id, _ending(outcome))

        self._submit(scheduler, invocation, request.version, then)

    def _submit(
        self,
        scheduler: Scheduler,
        invocation: Invocation,
        version: str,
        then: Callable[[Outcome], None],
    ) -> None:
        try:
            scheduler.submit(CallbackInvoke(invocation, then, version=version))
        except Throttled:
            self._clock.after(
                THROTTLED_DELAY, lambda: self._submit(scheduler, invocation, version, then)
            )


def _ending(outcome: Outcome) -> Ending:
    """Return how a chained invoke of a plain function ended."""
    if outcome.error_type is not None:
        status = TIMED_OUT if outcome.status == "timeout" else FAILED
        return Ending(status, error=output.error_of(outcome.payload))
    try:
        result = outcome.payload.decode()
    except UnicodeDecodeError:
        message = "CHAINED_INVOKE response could not be decoded as UTF-8."
        return Ending(FAILED, error={"ErrorMessage": message})
    if len(outcome.payload) > MAX_CHAINED:
        message = (
            f"CHAINED_INVOKE output payload size must be less than or equal to {MAX_CHAINED} bytes."
        )
        return Ending(FAILED, error={"ErrorMessage": message})
    return Ending(SUCCEEDED, result)
