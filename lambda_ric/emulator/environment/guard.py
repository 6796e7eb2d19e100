"""The guard: a small process that outlives the emulator and ends what it left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

from lambda_ric.emulator.environment import lineage


class Guard:
    """Ends the process groups that it watches, if the emulator dies without ending them.

    On Windows, which has no process groups, it does nothing.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def add(self, group: int, mark: bytes) -> None:
        """Watch over a process group, and over processes with a mark (see `lineage`)."""
        if sys.platform != "win32":
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-S", lineage.__file__],
                    stdin=subprocess.PIPE,
                    start_new_session=True,
                )
            self._write(b"+%d %b\n" % (group, mark))

    def remove(self, group: int, mark: bytes) -> None:
        """Forget a process group that has ended."""
        self._write(b"-%d %b\n" % (group, mark))

    def close(self) -> None:
        """End the guard, which ends what it still watches."""
        if self._process is not None:
            assert self._process.stdin is not None
            with suppress(OSError):
                self._process.stdin.close()
            self._process.wait()
            self._process = None

    def _write(self, line: bytes) -> None:
        if self._process is not None:
            assert self._process.stdin is not None
            with suppress(OSError):  # somebody killed the guard
                os.write(self._process.stdin.fileno(), line)
