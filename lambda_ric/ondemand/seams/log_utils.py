"""`awslambdaric.lambda_runtime_log_utils`, and the log sink that AWS's functions are given."""

from __future__ import annotations

from lambda_ric.ondemand.json_logs import JsonFormatter
from lambda_ric.ondemand.report import explain
from lambda_ric.runtime.errors import Fault
from lambda_ric.wire.log_frames import TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.ondemand.report import Report
    from lambda_ric.runtime.loop import Runtime

__all__ = ["ErrorResult", "JsonFormatter", "LogFormat", "StandardLogSink"]


class LogFormat:
    """The format of log records, as AWS_LAMBDA_LOG_FORMAT names it."""

    JSON = 0
    TEXT = 1

    @classmethod
    def from_str(cls, value: str | None) -> int:
        """Return JSON for this word and TEXT for any other."""
        return cls.JSON if value and value.upper() == "JSON" else cls.TEXT


class ErrorResult(dict[str, "Any"]):
    """An error as it is sent; `report` has the rest, which the log shows."""

    report: Report | None = None


class StandardLogSink:
    """The log of this process, by the methods of AWS's log sinks."""

    def __init__(self, runtime: Runtime) -> None:
        self._settings = runtime.settings
        self._sink = runtime.sink

    def log(self, msg: str, frame_type: bytes | None = None) -> None:
        """Write a record."""
        self._sink.write(msg)

    def log_error(self, message_lines: list[str]) -> None:
        """Write the lines of an error report, as one event."""
        self._sink.write_error(self._sink.line_break.join(message_lines), TEXT)

    def log_error_result(self, error_result: dict[str, Any]) -> None:
        """Write an error report as the settings say; a tool may have changed it."""
        message, error_type = error_result["errorMessage"], error_result["errorType"]
        stack_trace = error_result["stackTrace"]
        report = error_result.report if isinstance(error_result, ErrorResult) else None
        if report is None:
            report = explain(Fault(error_type, message, tuple(stack_trace)))
        report.message, report.error_type, report.stack_trace = message, error_type, stack_trace
        report.log(self._settings, self._sink, error_result["requestId"])
