"""Shows on a terminal that a command is waiting; shows nothing when output is piped."""

from __future__ import annotations

import os
import sys
import time
from threading import Event, Thread
from types import TracebackType

_PATIENCE = 0.7
"""Seconds before anything is shown: most responses come sooner."""

_CLEAR_LINE = "\r\x1b[K"


class Waiting:
    """A context manager that counts the seconds on a line of stderr, and removes it at the end."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._done = Event()
        self._thread: Thread | None = None

    def __enter__(self) -> Waiting:
        if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            self._thread = Thread(target=self._show, daemon=True)
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Remove the line; may be called more than once."""
        self._done.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _show(self) -> None:
        started = time.monotonic()
        shown = False
        while not self._done.wait(1 if shown else _PATIENCE):
            shown = True
            seconds = round(time.monotonic() - started)
            sys.stderr.write(f"{_CLEAR_LINE}{self._what} … {seconds} s")
            sys.stderr.flush()
        if shown:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()
