"""The log entries of one execution environment."""

from __future__ import annotations

from collections.abc import Callable

from lambda_ric.emulator.invoke import Invoke
from lambda_ric.emulator.log import extension_events, platform_events
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.log.platform_events import EXTENSION, FUNCTION, LogEvent
from lambda_ric.emulator.log.records import Record, RecordReader
from lambda_ric.emulator.log.texts import text_of


class EnvironmentLog:
    """The log of one environment of a function.

    It adds to each event the function and the invoke that is running, and keeps a copy for a
    caller who asked for the end of the log. `telemetry` takes the events of this environment
    alone. If the log is `detailed`, somebody wants the events that are not in a log of text.
    """

    def __init__(self, log: Log, function: str) -> None:
        self._log = log
        self._function = function
        self._records = RecordReader()
        self._invoke: Invoke | None = None
        self.telemetry: Callable[[LogEvent], None] | None = None
        self.detailed = log.detailed

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
                self.emit(LogEvent(EXTENSION, record.text, request_id, record.level))

        return take

    def extension(
        self, name: str, state: str, events: list[str], error_type: str | None = None
    ) -> None:
        """Report the state of an external extension."""
        self.emit(extension_events.extension(name, state, events, error_type))

    def logs_dropped(self, records: int, size: int, reason: str) -> None:
        """Report how many records, and bytes, a subscriber did not get; it hears that elsewhere."""
        event = extension_events.logs_dropped(records, size, reason)
        event.function = self._function
        self._log.emit(event)

    def begin(self, invoke: Invoke) -> None:
        """Report START; output from now on belongs to this invoke."""
        self._invoke = invoke
        given = invoke.invocation
        self.emit(
            platform_events.start(
                invoke.request_id, invoke.version, given.tenant_id, given.trace_id
            )
        )

    def end(self, report: LogEvent) -> None:
        """Report END and REPORT of the running invoke."""
        for record in self._records.flush():
            self._output(record)
        self.emit(platform_events.end(report.request_id))
        self.emit(report)
        self._invoke = None

    def end_tail(self, report: LogEvent) -> None:
        """Give END and REPORT to a caller, before they are reported to everybody else."""
        self.flush()
        if self._invoke is not None:
            self._invoke.log(text_of(platform_events.end(report.request_id)))
            self._invoke.log(text_of(report))

    def fault(self, text: str) -> None:
        """Report why the platform ended something."""
        self.emit(platform_events.fault(self._invoke.request_id if self._invoke else "", text))

    def notice(self, text: str) -> None:
        """Report something that only the emulator knows."""
        self.emit(platform_events.notice(text))

    def flush(self) -> None:
        """Write the rest of a line that has no end."""
        for record in self._records.flush():
            self._output(record)

    def _output(self, record: Record) -> None:
        request_id = self._invoke.request_id if self._invoke else ""
        self.emit(LogEvent(FUNCTION, record.text, request_id, record.level))

    def emit(self, event: LogEvent) -> None:
        """Report an event of this environment."""
        event.function = self._function
        if self._invoke is not None and self._invoke.tail is not None and event.in_text:
            self._invoke.log(text_of(event))
        if self.telemetry is not None:
            self.telemetry(event)
        self._log.emit(event)
