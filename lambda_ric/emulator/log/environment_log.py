"""The log of one execution environment: what Lambda says, and what the function writes.

Both go to the console as they come, and to the invoke that is running, whose caller may have
asked for the end of its log.
"""

from __future__ import annotations

from lambda_ric.emulator.invoke import Invoke
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.platform_events import LogEvent, ReportMetrics
from lambda_ric.emulator.log.printer import Console
from lambda_ric.emulator.log.records import Record, RecordReader


class Traffic:
    """How many invocations run now, in all environments that share a console."""

    running = 0


class EnvironmentLog:
    """Writes the log of an environment to `console`."""

    def __init__(self, console: Console, traffic: Traffic) -> None:
        self._console = console
        self._traffic = traffic
        self._records = RecordReader()
        self._invoke: Invoke | None = None

    def output(self, data: bytes) -> None:
        """Take what the function's process wrote."""
        for record in self._records.feed(data):
            self._record(record)

    def begin(self, invoke: Invoke) -> None:
        """Say START; what is written from now on belongs to this invoke."""
        self._invoke = invoke
        self._traffic.running += 1
        self._say(platform_events.start(invoke.request_id, invoke.version))

    def end(self, invoke: Invoke, figures: ReportMetrics) -> None:
        """Say END and REPORT."""
        self.flush()
        self._traffic.running -= 1
        self._say(platform_events.end(invoke.request_id))
        self._say(platform_events.report(invoke.request_id, figures))
        self._invoke = None

    def fault(self, text: str) -> None:
        """Say why the platform ended something."""
        self._say(platform_events.fault(self._invoke.request_id if self._invoke else "", text))

    def init_report(
        self, duration: float, status: str, error_type: str | None, *, restored: bool = False
    ) -> None:
        """Say how an initialisation, or a restore, failed, and after how many milliseconds."""
        report = platform_events.restore_report if restored else platform_events.init_report
        self._say(report(duration, status, error_type))

    def notice(self, text: str) -> None:
        """Say what Lambda would not."""
        self._say(platform_events.notice(text))

    def flush(self) -> None:
        """Write what is left of a line that was not ended."""
        for record in self._records.flush():
            self._record(record)

    def _record(self, record: Record) -> None:
        request_id = self._invoke.request_id if self._invoke else ""
        self._say(LogEvent("function", record.text, record.text, request_id, record.level))

    def _say(self, line: LogEvent) -> None:
        if self._invoke is not None:
            self._invoke.log(line.text)
        self._console.show(line, prefixed=self._traffic.running > 1)
