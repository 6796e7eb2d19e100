"""Python's `logging` as Lambda sets it up: one handler on the root logger.

Source: "Log and monitor Python Lambda functions" and "Advanced logging controls" in the AWS Lambda
developer guide, and the records that AWS's runtime interface client writes.
"""

from __future__ import annotations

import json
import logging
import time
import traceback
from typing import TYPE_CHECKING, Any

from lambda_ric.wire import log_frames

if TYPE_CHECKING:
    from lambda_ric.runtime.log_sink import LogSink
    from lambda_ric.runtime.loop import Current
    from lambda_ric.runtime.settings import Settings

_TEXT_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
_TEXT_TIME = "%Y-%m-%dT%H:%M:%S"
_JSON_TIME = "%Y-%m-%dT%H:%M:%SZ"

_FRAME_LEVELS = {
    logging.NOTSET: log_frames.NO_LEVEL,
    logging.DEBUG: log_frames.DEBUG,
    logging.INFO: log_frames.INFO,
    logging.WARNING: log_frames.WARNING,
    logging.ERROR: log_frames.ERROR,
    logging.CRITICAL: log_frames.CRITICAL,
}

# The attributes that every record has; what else it has was given by `extra`.
_STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) - {"taskName"} | {
    "aws_request_id",
    "tenant_id",
}


def configure(settings: Settings, sink: LogSink, current: Current) -> None:
    """Add the handler to the root logger and set its level, where the environment gives one."""
    logging.Formatter.converter = time.gmtime
    root = logging.getLogger()
    handler = LambdaHandler(sink, knows_levels=settings.json_logs or bool(settings.log_level))
    if settings.json_logs:
        handler.setFormatter(JsonFormatter())
    handler.addFilter(InvocationFilter(current))
    root.addHandler(handler)
    if settings.log_level in logging._nameToLevel:
        root.setLevel(settings.log_level)


class InvocationFilter(logging.Filter):
    """Gives each record the request id and the tenant id of the current invocation."""

    def __init__(self, current: Current) -> None:
        super().__init__()
        self._current = current

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the attributes, and let every record pass."""
        record.aws_request_id = self._current.request_id
        record.tenant_id = self._current.tenant_id
        return True


class LambdaHandler(logging.Handler):
    """Writes records to the log sink, as text unless its formatter makes JSON of them."""

    def __init__(self, sink: LogSink, knows_levels: bool) -> None:
        super().__init__()
        self.log_sink = sink
        self._knows_levels = knows_levels
        self.setFormatter(logging.Formatter(_TEXT_FORMAT, _TEXT_TIME))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; an error in it must not fail the function."""
        try:
            text = self.format(record)
            format = log_frames.JSON if type(self.formatter) is JsonFormatter else log_frames.TEXT
            level = _FRAME_LEVELS[_floor(record.levelno)] if self._knows_levels else 0
            self.log_sink.write(text, format, level)
        except Exception:
            self.handleError(record)


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON; its level becomes the next lower one that has a name."""

    def __init__(self) -> None:
        super().__init__(datefmt=_JSON_TIME)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        record.levelno = _floor(record.levelno)
        record.levelname = logging.getLevelName(record.levelno)
        is_object = isinstance(record.msg, dict) and not record.args
        fields: dict[str, Any] = {
            "timestamp": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.msg if is_object else record.getMessage(),
            "logger": record.name,
            **_exception_fields(record),
            "requestId": getattr(record, "aws_request_id", None),
            "location": _location(record),
        }
        tenant_id = getattr(record, "tenant_id", None)
        if tenant_id is not None:
            fields["tenantId"] = tenant_id
        for name, value in vars(record).items():
            if name not in _STANDARD_ATTRIBUTES:
                fields.setdefault(name, value)
        given = {name: value for name, value in fields.items() if value is not None}
        return json.dumps(given, ensure_ascii=False, default=str) + "\n"


def _exception_fields(record: logging.LogRecord) -> dict[str, Any]:
    kind, error, stack = record.exc_info or (None, None, None)
    if error is None:
        return dict.fromkeys(("stackTrace", "errorType", "errorMessage"))
    return {
        "stackTrace": traceback.format_tb(stack),
        "errorType": kind.__name__ if kind else None,
        "errorMessage": str(error),
    }


def _location(record: logging.LogRecord) -> str | None:
    if not record.exc_info:
        return None
    return f"{record.pathname}:{record.funcName}:{record.lineno}"


def _floor(level: int) -> int:
    return min(logging.CRITICAL, max(logging.NOTSET, level)) // 10 * 10
