"""When the log gets the report of an invoke: neither its caller nor the runtime waits for it."""

from __future__ import annotations

from lambda_ric.emulator.environment.memory import MemoryWatch
from lambda_ric.emulator.environment.processes import ProcessSet
from lambda_ric.emulator.environment.running_invoke import RunningInvoke
from lambda_ric.emulator.life import Cause
from lambda_ric.emulator.log.environment_log import EnvironmentLog


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
