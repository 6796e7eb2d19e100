"""Python's `logging` as Lambda sets it up: one handler on the root logger.

Source: "Log and monitor Python Lambda functions" and "Advanced logging controls" in the AWS Lambda
developer guide, and the records that AWS's runtime interface client writes.
"""

from __future__ import annotations

import logging
import time

from lambda_ric.runtime import doors
from lambda_ric.wire import log_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.runtime.log_sink import LogSink
    from lambda_ric.runtime.loop import Current
    from lambda_ric.runtime.settings import Settings

_TEXT_FORMAT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
_TEXT_TIME = "%Y-%m-%dT%H:%M:%S"

_FRAME_LEVELS = {
    logging.NOTSET: log_frames.NO_LEVEL,
    logging.DEBUG: log_frames.DEBUG,
    logging.INFO: log_frames.INFO,
    logging.WARNING: log_frames.WARNING,
    logging.ERROR: log_frames.ERROR,
    logging.CRITICAL: log_frames.CRITICAL,
}


def configure(settings: Settings, sink: LogSink, current: Current) -> None:
    """Add the handler to the root logger, and set its level if the environment gives one."""
    logging.Formatter.converter = time.gmtime
    root = logging.getLogger()
    knows_levels = settings.json_logs or settings.log_level
    handler = (LambdaLoggerHandlerWithFrameType if knows_levels else LambdaLoggerHandler)(sink)
    if settings.json_logs:
        handler.setFormatter(doors.json_formatter())
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


class LambdaLoggerHandler(logging.Handler):
    """Writes records to the log sink, as text unless its formatter produces JSON.

    Tools know the handler by the name of its class, which is the one of AWS's.
    """

    def __init__(self, sink: LogSink) -> None:
        super().__init__()
        self.log_sink = sink
        self.setFormatter(logging.Formatter(_TEXT_FORMAT, _TEXT_TIME))

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; an error in it must not fail the function."""
        try:
            text = self.format(record)
            format = getattr(self.formatter, "frame_format", log_frames.TEXT)
            self.log_sink.write(text, format, self.frame_level(record))
        except Exception:
            self.handleError(record)

    def frame_level(self, record: logging.LogRecord) -> int:
        """Return the level that the frame of a record has."""
        return log_frames.NO_LEVEL


class LambdaLoggerHandlerWithFrameType(LambdaLoggerHandler):
    """The same where the environment gives a level or asks for JSON: frames have levels then."""

    def frame_level(self, record: logging.LogRecord) -> int:
        """Return the level that the frame of a record has."""
        return _FRAME_LEVELS[floor(record.levelno)]


def floor(level: int) -> int:
    """Return the next lower level that has a name, or the lowest."""
    return min(logging.CRITICAL, max(logging.NOTSET, level)) // 10 * 10
