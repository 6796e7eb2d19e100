"""Log records as JSON, for functions whose log format is JSON.

Source: "Advanced logging controls" in the AWS Lambda developer guide, and the records that AWS's
runtime interface client writes.
"""

from __future__ import annotations

import json
import logging
import traceback

from lambda_ric.ondemand.logs import floor
from lambda_ric.wire import log_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_JSON_TIME = "%Y-%m-%dT%H:%M:%SZ"

# The attributes that every record has; `extra` sets all others.
_STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) - {"taskName"} | {
    "aws_request_id",
    "tenant_id",
}


class JsonFormatter(logging.Formatter):
    """Formats a record as JSON; its level becomes the next lower named level."""

    frame_format = log_frames.JSON

    def __init__(self) -> None:
        super().__init__(datefmt=_JSON_TIME)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as a line."""
        record.levelno = floor(record.levelno)
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
