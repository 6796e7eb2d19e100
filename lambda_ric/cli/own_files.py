"""Recognizes files that a function has written itself, which are no reason to restart it."""

from __future__ import annotations

import os
import time

from lambda_ric.emulator.log.platform_events import REPORT, START, LogEvent

_CODE = (
    ".py",
    ".js",
    ".mjs",
    ".cjs",
    ".ts",
    ".rb",
    ".php",
    ".sh",
    ".env",
    ".toml",
    ".yaml",
    ".yml",
)
"""Endings of files that functions do not write."""

_CLOCK_STEP = 0.05
"""How much the times of a file and of this process can differ, in seconds."""


class OwnFiles:
    """Follows the log, and knows when a function ran.

    A function may write data beside its code. A restart for that would be a restart after every
    invocation. So a file that is not code does not count if it changed while a function ran.
    """

    def __init__(self) -> None:
        self._running: set[str] = set()
        self._began = self._ended = 0.0

    def note(self, event: LogEvent) -> None:
        """Take an event of the log."""
        if event.type == START:
            if not self._running:
                self._began = time.time()
            self._running.add(event.request_id)
        elif event.type == REPORT:
            self._running.discard(event.request_id)
            self._ended = time.time()

    def has(self, path: str) -> bool:
        """Return whether the function wrote this file while it last ran."""
        if path.endswith(_CODE):
            return False
        try:
            changed = os.stat(path).st_mtime
        except OSError:
            return bool(self._running)  # it is gone
        if changed < self._began - _CLOCK_STEP:
            return False
        return bool(self._running) or changed <= self._ended + _CLOCK_STEP
