"""The destination of log records and error reports: standard output, or the telemetry log pipe.

`print` always goes to standard output.
"""

from __future__ import annotations

import sys

from lambda_ric.runtime import doors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class LogSink:
    """Writes to standard output, as it is at that moment.

    Formats and levels matter only to the frames of the telemetry log pipe; this sink ignores
    them.
    """

    line_break = "\r"
    """Joins the lines of one report: after a line feed, each would be a log event of its own."""

    def write(self, text: str, format: int = 0, level: int = 0) -> None:
        """Write a record; on standard output it brings its own line breaks."""
        if sys.stdout is None:
            return  # the process was started without standard output
        try:
            sys.stdout.write(text)
        except UnicodeEncodeError:  # a lone surrogate must not hide its record
            encoding = sys.stdout.encoding
            sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def write_error(self, text: str, format: int) -> None:
        """Write an error report."""
        self.write(text + "\n")

    def close(self) -> None:
        """Close everything that the sink has opened."""


def open_log_sink(telemetry_fd: int | None) -> LogSink:
    """Return the sink for the pipe that the environment names, or for standard output."""
    return LogSink() if telemetry_fd is None else doors.framed_log_sink(telemetry_fd)


class FlushedStream:
    """A text stream that buffers nothing: its text is in the log as soon as it is written.

    The process can be frozen after any invocation, and killed within one.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write and flush."""
        written: int = self._stream.write(text)
        self._stream.flush()
        return written

    def writelines(self, lines: Any) -> None:
        """Write and flush."""
        self._stream.writelines(lines)
        self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def flush_standard_streams() -> None:
    """Stop standard output and error from buffering, from here on."""
    if sys.stdout is not None:
        sys.stdout = FlushedStream(sys.stdout)
    if sys.stderr is not None:
        sys.stderr = FlushedStream(sys.stderr)
