"""The log of a function to which Lambda has given the telemetry log pipe."""

from __future__ import annotations

import os
import time

from lambda_ric.runtime.log_sink import LogSink
from lambda_ric.wire.log_frames import ERROR, NO_LEVEL, TEXT, Frame


class FramedLogSink(LogSink):
    """Writes frames to the telemetry log pipe: one log event each, line breaks included."""

    line_break = "\n"

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def write(self, text: str, format: int = TEXT, level: int = NO_LEVEL) -> None:
        """Write a record as one frame."""
        message = text.encode("utf-8", "backslashreplace")
        left = memoryview(Frame(format, level, time.time_ns() // 1000, message).encode())
        while left:  # a full pipe may take only a part if a signal arrives
            left = left[os.write(self._fd, left) :]

    def write_error(self, text: str, format: int) -> None:
        """Write an error report as one frame."""
        self.write(text, format, ERROR)

    def close(self) -> None:
        """Close the pipe."""
        os.close(self._fd)
