"""An invoke while an environment runs it: its clock, its deadline, its entries in the log.

The report of an invoke is written later: neither its caller nor the runtime waits for it.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from typing import NamedTuple

from lambda_ric.emulator import platform_errors
from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.environment.initialization import NO_DURATIONS, Durations
from lambda_ric.emulator.environment.memory import MEBIBYTE, MemoryWatch
from lambda_ric.emulator.environment.processes import ProcessSet
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import UNHANDLED, Invoke, Outcome
from lambda_ric.emulator.life import Cause
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.log.platform_events import Span
from lambda_ric.emulator.runtime_api.response import WholeResponse

_NONE_YET = Outcome(b"")


class Exit(NamedTuple):
    """Why the runtime's process ended, or never began, in Lambda's words.

    It `crashed` when it read or wrote memory that it must not.
    """

    error_type: str
    reason: str
    crashed: bool = False

    @classmethod
    def of_status(cls, status: int) -> Exit:
        """Return the reason for an exit status; a negative one is a signal."""
        reason = "Runtime exited without providing a reason"
        if status > 0:
            reason = f"Runtime exited with error: exit status {status}"
        elif status < 0:
            name = signal.strsignal(-status) or str(-status)
            reason = f"Runtime exited with error: signal: {name.partition(':')[0].lower()}"
        return cls(platform_errors.EXITED, reason, status == -signal.SIGSEGV)

    @classmethod
    def not_started(cls, command: Sequence[str], error: OSError | ValueError) -> Exit:
        """Return the reason for a command that could not be started."""
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        return cls(
            platform_errors.INVALID_ENTRYPOINT, f"cannot start {' '.join(command)!r}: {reason}"
        )


class RunningInvoke:
    """Starts the clock of the invoke; `finish` stops it, `write_report` writes to the log.

    `answering_at` is when the runtime began its response.
    """

    def __init__(
        self, invoke: Invoke, function: FunctionConfig, log: EnvironmentLog, clock: Clock
    ) -> None:
        self.invoke = invoke
        self._function = function
        self._log = log
        self._clock = clock
        self._begun_at = clock.now()
        self._announced = False
        self.answering_at: float | None = None
        self._finished_at = 0.0
        self._done_at: float | None = None  # the runtime, with its work on this invoke
        self._duration = 0.0
        self._outcome = _NONE_YET
        self._error_type: str | None = None  # as the log names it
        self._init = NO_DURATIONS
        invoke.invocation.deadline_ms = int(1_000 * (clock.wall_time() + function.timeout))

    def announce(self) -> None:
        """Report START, once; output from now on belongs to this invoke."""
        if not self._announced:
            self._announced = True
            self._log.begin(self.invoke)

    def answer(self, response: WholeResponse) -> Outcome:
        """Pass on a response that came in one piece, and return the outcome."""
        self.answering_at = self._clock.now()
        try:
            return response.given_to(self.invoke)
        except Exception:
            self.finish(platform_errors.emulator_failed(self.invoke.request_id))
            raise

    def finish(self, outcome: Outcome, init: Durations = NO_DURATIONS) -> None:
        """Stop the clock. `init` has the times of the start, for the first report."""
        self._finished_at = self._clock.now()
        self._duration = 1_000 * (self._finished_at - self._begun_at)
        self._outcome = outcome
        self._error_type = None if outcome.error_type == UNHANDLED else outcome.error_type
        self._init = init

    def write_runtime_done(self, *, is_back: bool = False) -> None:
        """Report, once, that the runtime's work is done; `is_back` if it asked for more."""
        if self._done_at is not None:
            return
        self._done_at = now = self._clock.now()
        spans = []
        if self.answering_at is not None:
            spans = [
                self._span("responseLatency", self._begun_at, self.answering_at),
                self._span("responseDuration", self.answering_at, self._finished_at),
            ]
        if is_back:
            spans.append(self._span("runtimeOverhead", self._finished_at, now))
        self._log.emit(
            platform_events.runtime_done(
                self.invoke.request_id,
                status=self._outcome.status,
                error_type=self._error_type,
                duration=self._duration,
                produced_bytes=self.invoke.size,
                spans=spans,
                trace_id=self.invoke.invocation.trace_id,
            )
        )

    def write_report(self, max_memory: int, *, to_caller: bool = False) -> None:
        """Report END and REPORT; `max_memory` is the peak in bytes.

        A caller who asked for the end of the log gets them `to_caller`, before they are reported.
        """
        spans = []
        if self._log.detailed and not to_caller:
            self.write_runtime_done()
            if self._function.extensions and self._done_at is not None:
                spans = [self._span("extensionOverhead", self._done_at, self._clock.now())]
        report = platform_events.report(
            self.invoke.request_id,
            duration=self._duration,
            memory_size=self._function.memory,
            max_memory=ceil(max_memory / MEBIBYTE),
            init_duration=self._init.init,
            restore_duration=self._init.restore,
            status=self._outcome.status,
            error_type=self._error_type,
            tenant_id=self.invoke.invocation.tenant_id,
            trace_id=self.invoke.invocation.trace_id,
            spans=spans,
        )
        if to_caller:
            self._log.end_tail(report)
        else:
            self._log.end(report)

    def _span(self, name: str, begun_at: float, ended_at: float) -> Span:
        ago = self._clock.now() - begun_at
        return platform_events.span(
            name, self._clock.wall_time() - ago, 1_000 * (ended_at - begun_at)
        )

    def cut_short(self, cause: Cause | None, exit_: Exit | None) -> Outcome:
        """Return the error for the caller when anything but a response ends the invoke.

        `exit_` is the reason for the end of the process, if that is the cause.
        """
        if cause is Cause.TOO_LARGE:
            self._log.notice(f"the response has {self.invoke.size} bytes")
            return Outcome(platform_errors.too_large(), platform_errors.TOO_LARGE, "error")
        if cause is Cause.TIMEOUT:
            return self._timed_out()
        if cause is Cause.TRUNCATED:
            reason = "the runtime sent only a part of its response"
            if self.invoke.abandoned:
                reason = "the caller left before the end of the response"
            return self.fault(platform_errors.TRUNCATED, reason)
        if cause is Cause.STOPPED:
            return self.fault(platform_errors.STOPPED, "the emulator was stopped")
        if cause is Cause.FAULT:
            return platform_errors.emulator_failed(self.invoke.request_id)
        exit_ = exit_ or Exit.of_status(-9)
        outcome = self.fault(exit_.error_type, exit_.reason)
        if cause is Cause.OUT_OF_MEMORY:
            return replace(outcome, error_type=platform_errors.OUT_OF_MEMORY)  # for the report
        return outcome

    def fault(self, error_type: str, message: str) -> Outcome:
        """Report in the log what the platform saw, and return the error for the caller."""
        request_id = self.invoke.request_id
        self._log.fault(f"RequestId: {request_id} Error: {message}")
        return Outcome(platform_errors.about(request_id, error_type, message), error_type, "error")

    def _timed_out(self) -> Outcome:
        request_id, error_type = self.invoke.request_id, platform_errors.TIMED_OUT
        message = platform_errors.timed_out(self._function.timeout)
        self._log.fault(f"{platform_events.timestamp()} {request_id} {message}")
        return Outcome(
            platform_errors.about(request_id, error_type, message), error_type, "timeout"
        )


class InvokeReports:
    """Writes the reports of one environment.

    `pending` is an invoke that is settled, though the log does not say so yet. A detailed log says
    what came after the response, so it waits until the environment is ready again, or ends.
    """

    def __init__(self, log: EnvironmentLog, processes: ProcessSet, memory: MemoryWatch) -> None:
        self._log = log
        self._processes = processes
        self._memory = memory
        self.pending: RunningInvoke | None = None

    def write(self) -> None:
        """Report the end of the pending invoke."""
        running, self.pending = self.pending, None
        if running is not None:
            running.write_report(self.final_reading())

    def write_early(self, running: RunningInvoke, cause: Cause | None) -> None:
        """Report what must not wait: to a caller who asked for it, and on a runtime that failed."""
        if not self._log.detailed:
            self.write()
            return
        if cause is not Cause.RESPONSE:
            running.write_runtime_done()
        if running.invoke.tail is not None:
            running.write_report(self.final_reading(), to_caller=True)

    def final_reading(self) -> int:
        """Read the output so far, and return the peak of the memory in bytes."""
        self._processes.drain()
        return self._memory.peak()
