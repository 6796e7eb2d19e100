"""Standard output for a log that must not wait for its reader.

A terminal that is stopped, or `| less`, takes nothing for as long as it likes. The emulator runs on
meanwhile: it keeps some of the log until it is read, and drops the rest. Windows cannot tell if
a write would wait; there it does wait.
"""

from __future__ import annotations

import asyncio
import os
import select
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

MAX_BACKLOG = 8 * 1_048_576
"""The maximum size of the unread log, in bytes."""

PARTING_SECONDS = 0.5
"""Seconds that writing the rest of the log may take when the emulator ends."""

_PIECE = 4_096
"""A pipe that can be written to takes this much at once; as POSIX says, PIPE_BUF on Linux."""


class LogOutput:
    """Writes texts to `stream` as soon as they are taken, from within the running event loop."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._file = stream.fileno()
        self._encoding = stream.encoding or "utf-8"
        self._loop = asyncio.get_running_loop()
        self._poll = select.poll()
        self._poll.register(self._file, select.POLLOUT)
        self._backlog: deque[bytes] = deque()
        self._size = 0
        self._dropped = 0

    def write(self, text: str) -> int:
        """Write a text now or later. Raises OSError when there is no reader any more."""
        data = text.encode(self._encoding, "backslashreplace")
        if not self._backlog:
            data = self._write_now(data)
            if data:
                self._loop.add_writer(self._file, self._drain)
        if data:
            self._keep(data)
        return len(text)

    def flush(self) -> None:
        """Do nothing: no text that could be written is held back."""

    def isatty(self) -> bool:
        """Whether a person reads it."""
        return self._stream.isatty()

    def close(self) -> None:
        """Write what is left, if that is read soon."""
        deadline = time.monotonic() + PARTING_SECONDS
        if self._backlog:
            self._loop.remove_writer(self._file)
        try:
            while self._backlog and (left := deadline - time.monotonic()) > 0:
                self._poll.poll(1_000 * left)
                self._write_backlog()
        except OSError:
            self._backlog.clear()

    def _keep(self, data: bytes) -> None:
        if self._size + len(data) > MAX_BACKLOG:
            self._dropped += 1
            return
        self._backlog.append(data)
        self._size += len(data)

    def _drain(self) -> None:
        """Continue to write, once the reader has taken something."""
        try:
            self._write_backlog()
        except OSError:  # the reader has gone; the next write raises the error
            self._backlog.clear()
        if not self._backlog:
            self._size = 0
            self._loop.remove_writer(self._file)
            if self._dropped:
                lost, self._dropped = self._dropped, 0
                self.write(f"({lost} lines of the log were dropped: nobody read them)\n")

    def _write_backlog(self) -> None:
        while self._backlog:
            data = self._backlog.popleft()
            rest = self._write_now(data)
            self._size -= len(data) - len(rest)
            if rest:
                self._backlog.appendleft(rest)
                return

    def _write_now(self, data: bytes) -> bytes:
        """Write as much as the reader takes at once, and return the rest."""
        while data and self._poll.poll(0):
            written = os.write(self._file, data[:_PIECE])
            data = data[written:]
        return data


@contextmanager
def log_output(stream: TextIO) -> Iterator[TextIO]:
    """Yield an output for the log of `stream`, and write the rest of the log at the end."""
    if not hasattr(select, "poll"):
        yield stream
        return
    output = LogOutput(stream)
    try:
        yield cast(TextIO, output)
    finally:
        output.close()
