"""The turn of one invoke in an environment: when it begins, and how it is reported and settled."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from math import ceil

from lambda_ric.emulator import platform_errors
from lambda_ric.emulator.environment.init_timing import Durations
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import UNHANDLED, Invoke, Outcome
from lambda_ric.emulator.lifecycle import Effect
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.log.platform_events import ReportMetrics, timestamp

MEBIBYTE = 1_048_576


class RunningInvoke:
    """Begins with the clock of the invocation; `finish` ends it, once."""

    def __init__(
        self,
        invoke: Invoke,
        function: FunctionConfig,
        journal: EnvironmentLog,
        clock: Callable[[], float],
    ) -> None:
        self.invoke = invoke
        self._function = function
        self._journal = journal
        self._clock = clock
        self._begun_at = clock()
        self._announced = False
        invoke.invocation.deadline_ms = int(1_000 * (time.time() + function.timeout))

    def announce(self) -> None:
        """Say START, once; what is written from now on belongs to this turn."""
        if not self._announced:
            self._announced = True
            self._journal.begin(self.invoke)

    def finish(
        self, outcome: Outcome, beginning: Durations, final_reading: Callable[[], int]
    ) -> Callable[[], None]:
        """Tell the caller, and return what is still to be done then: the report.

        Neither a caller who does not ask for the log nor the runtime need wait for it. `beginning`
        is what the first report of an environment tells. `final_reading` takes the last output and
        returns the peak of the memory in bytes.
        """
        duration = 1_000 * (self._clock() - self._begun_at)

        def report() -> None:
            figures = ReportMetrics(
                duration=duration,
                memory_size=self._function.memory,
                max_memory=ceil(final_reading() / MEBIBYTE),
                init_duration=beginning.init,
                restore_duration=beginning.restore,
                status=outcome.status,
                error_type=None if outcome.error_type == UNHANDLED else outcome.error_type,
            )
            self._journal.end(self.invoke, figures)

        if self.invoke.wants_tail:
            report()
        self.invoke.settle(outcome)
        return nothing if self.invoke.wants_tail else report

    def cut_short(self, effect: Effect, exit_type: str, exit_reason: str) -> Outcome:
        """Return what the caller is told when something else than an answer settles the invoke.

        `exit_type` and `exit_reason` tell why the process ended, if it did.
        """
        if effect is Effect.SETTLE_TOO_LARGE:
            return Outcome(
                platform_errors.too_large(self.invoke.size), platform_errors.TOO_LARGE, "error"
            )
        if effect is Effect.SETTLE_TIMEOUT:
            return self.fault(
                platform_errors.TIMED_OUT, platform_errors.timed_out(self._function.timeout)
            )
        if effect is Effect.SETTLE_TRUNCATED:
            return self.fault(
                platform_errors.TRUNCATED, "the runtime sent only a part of its response"
            )
        if effect is Effect.SETTLE_STOPPED:
            return self.fault(platform_errors.STOPPED, "the emulator was stopped")
        if effect is Effect.SETTLE_OUT_OF_MEMORY:
            killed = self.fault(platform_errors.EXITED, exit_reason)
            return replace(killed, error_type=platform_errors.OUT_OF_MEMORY)  # for the report
        return self.fault(exit_type, exit_reason)

    def fault(self, error_type: str, message: str) -> Outcome:
        """Say in the log what the platform saw, and return what the caller is told of it."""
        request_id = self.invoke.request_id
        if error_type == platform_errors.TIMED_OUT:
            self._journal.fault(f"{timestamp()} {request_id} {message}")
            status = "timeout"
        else:
            self._journal.fault(f"RequestId: {request_id} Error: {message}")
            status = "error"
        return Outcome(platform_errors.about(request_id, error_type, message), error_type, status)


def nothing() -> None:
    """The report of a turn that has reported before, or of none."""
