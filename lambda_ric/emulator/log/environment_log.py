"""The log entries of one execution environment."""

from __future__ import annotations

from collections.abc import Callable

from lambda_ric.emulator.invoke import Invoke
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.log.platform_events import EXTENSION, FUNCTION, LogEvent, text_of
from lambda_ric.emulator.log.records import Record, RecordReader


class EnvironmentLog:
    """The log of one environment of a function.

    It adds to each event the function and the invoke that is running, and keeps a copy for a
    caller who asked for the end of the log.
    """

    def __init__(self, log: Log, function: str) -> None:
        self._log = log
        self._function = function
        self._records = RecordReader()
        self._invoke: Invoke | None = None

    def output(self, data: bytes) -> None:
        """Take what the function's processes wrote."""
        for record in self._records.feed(data):
            self._output(record)

    def extension_output(self) -> Callable[[bytes], None]:
        """Return what takes the output of one external extension."""
        records = RecordReader()

        def take(data: bytes) -> None:
            for record in records.feed(data):
                request_id = self._invoke.request_id if self._invoke else ""
                self._emit(LogEvent(EXTENSION, record.text, request_id, record.level))

        return take

    def extension(
        self, name: str, state: str, events: list[str], error_type: str | None = None
    ) -> None:
        """Report the state of an external extension."""
        self._emit(platform_events.extension(name, state, events, error_type))

    def begin(self, invoke: Invoke) -> None:
        """Report START; output from now on belongs to this invoke."""
        self._invoke = invoke
        tenant_id = invoke.invocation.tenant_id
        self._emit(platform_events.start(invoke.request_id, invoke.version, tenant_id))

    def end(self, report: LogEvent) -> None:
        """Report END and REPORT of the running invoke."""
        for record in self._records.flush():
            self._output(record)
        self._emit(platform_events.end(report.request_id))
        self._emit(report)
        self._invoke = None

    def fault(self, text: str) -> None:
        """Report why the platform ended something."""
        self._emit(platform_events.fault(self._invoke.request_id if self._invoke else "", text))

    def init_report(
        self, duration: float, status: str, error_type: str | None, *, restored: bool = False
    ) -> None:
        """Report how an initialization, or a restore, failed, and after how many milliseconds."""
        report = platform_events.restore_report if restored else platform_events.init_report
        self._emit(report(duration, status, error_type))

    def notice(self, text: str) -> None:
        """Report something that only the emulator knows."""
        self._emit(platform_events.notice(text))

    def flush(self) -> None:
        """Write the rest of a line that has no end."""
        for record in self._records.flush():
            self._output(record)

    def _output(self, record: Record) -> None:
        request_id = self._invoke.request_id if self._invoke else ""
        self._emit(LogEvent(FUNCTION, record.text, request_id, record.level))

    def _emit(self, event: LogEvent) -> None:
        event.function = self._function
        if self._invoke is not None and self._invoke.tail is not None:
            self._invoke.log(text_of(event))
        self._log.emit(event)
