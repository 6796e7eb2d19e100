"""Requests to durable functions: each starts an execution, and is answered when that has ended.

A front door invokes synchronously, so the whole execution has to end while the door waits. If it
takes longer, the client gets the answer of a function that is too slow, and the execution goes on.

Source: "Invoking Lambda durable functions" in the AWS Lambda developer guide.
"""

from __future__ import annotations

from collections.abc import Callable

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.gateway.visit import Visit
from lambda_ric.emulator.invoke import Outcome
from lambda_ric.wire.runtime_api import Invocation

StartExecution = Callable[[FunctionConfig, Invocation, Callable[[Outcome], None]], object]
"""Starts an execution whose input is the payload of an invocation; calls back when it ends."""


class DurableRequest:
    """One request that waits for an execution. `clock` says how long."""

    def __init__(self, visit: Visit, clock: Clock) -> None:
        self._visit = visit
        seconds = visit.door.seconds
        self._timer = clock.after(seconds, self._too_late) if seconds is not None else None

    def settle(self, outcome: Outcome) -> None:
        """Answer with the result of the execution, if the client still waits."""
        if self._timer is not None:
            self._timer.cancel()
        if not self._visit.exchange.started:
            self._visit.settle(outcome)

    def _too_late(self) -> None:
        seconds = self._visit.door.seconds
        self._visit.report(
            f"the front door waits {seconds:.0f} seconds for an execution, which goes on"
        )
        self._visit.refuse(self._visit.door.too_late())
