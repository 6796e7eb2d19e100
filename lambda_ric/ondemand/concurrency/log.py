"""The log of a process in which several invocations write at once."""

from __future__ import annotations

import os
import socket
import threading

from lambda_ric.ondemand.framed_log import FramedLogSink
from lambda_ric.runtime.errors import SettingsError
from lambda_ric.runtime.log_sink import LogSink
from lambda_ric.wire.log_frames import NO_LEVEL, TEXT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.runtime.settings import Settings

_STANDARD_OUTPUT_AND_ERROR = (1, 2)


class SharedFramedLogSink(FramedLogSink):
    """Writes one frame after the other, since a pipe takes a large frame in parts."""

    def __init__(self, fd: int) -> None:
        super().__init__(fd)
        self._turn = threading.Lock()

    def write(self, text: str, format: int = TEXT, level: int = NO_LEVEL) -> None:
        """Write a record as one frame, when no other is being written."""
        with self._turn:
            super().write(text, format, level)


def open_shared_log_sink(settings: Settings) -> LogSink:
    """Return the sink that the environment requires: a socket, a pipe, or standard output.

    With a socket, the platform keeps the logs of one environment's processes apart; standard output
    and error then go there too. Raises SettingsError if it cannot be reached.
    """
    if settings.log_socket:
        _redirect_output(settings.log_socket)
        return LogSink()
    if settings.telemetry_fd is not None:
        return SharedFramedLogSink(settings.telemetry_fd)
    return LogSink()


def _redirect_output(path: str) -> None:
    """Send standard output and error to the socket, each on a connection of its own."""
    try:
        for standard_fd in _STANDARD_OUTPUT_AND_ERROR:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.connect(path)
                os.dup2(connection.fileno(), standard_fd)
    except OSError as error:
        raise SettingsError(
            f"_LAMBDA_TELEMETRY_LOG_FD_PROVIDER_SOCKET: {path} cannot be reached: {error.strerror}"
        ) from error
