"""An initialization that failed before any invoke was taken, and the error for later invokes."""

from __future__ import annotations

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.environment.running_invoke import Exit, RunningInvoke
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import Invoke, Outcome
from lambda_ric.emulator.log.environment_log import EnvironmentLog


class FailedInit:
    """The reason: an error that the runtime posted, or the exit of its process."""

    def __init__(
        self,
        reason: Outcome | Exit | None,
        function: FunctionConfig,
        log: EnvironmentLog,
        clock: Clock,
    ) -> None:
        self._reason = reason or Exit.of_status(-9)  # the emulator ended it
        self._function = function
        self._log = log
        self._clock = clock

    @property
    def error_type(self) -> str | None:
        """The type of the error, as a report names it."""
        return self._reason.error_type

    @property
    def crashed(self) -> bool:
        """Whether the process crashed, which no caller hears of before the timeout."""
        return isinstance(self._reason, Exit) and self._reason.crashed

    def settle(self, invoke: Invoke) -> None:
        """End an invoke that has waited for this environment."""
        running = RunningInvoke(invoke, self._function, self._log, self._clock)
        running.announce()
        outcome = self._reason
        if isinstance(outcome, Exit):
            outcome = running.fault(outcome.error_type, outcome.reason)
        running.finish(outcome)
        running.write_report(0)
        invoke.settle(outcome)
