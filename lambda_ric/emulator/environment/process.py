"""Child processes and everything they start: all that depends on the operating system.

Requirements: a process and its descendants end together. They do not outlive the emulator, even if
it is killed. Their output comes through one pipe, and so in its true order. Their memory is known.
Each operating system meets them in its own way:

- Linux: a session of its own for each child, so that a signal to its group reaches all that stay
  in it; `lineage` finds those that have left. A guard, a second small process, waits on a pipe
  that only the emulator holds; when that breaks, it ends both. Exits are seen through a pidfd,
  memory is read from /proc.
- macOS and other Unix: the same for the group alone, with a waiting thread for the exit, and `ps`
  for the memory. A process that begins a session of its own outlives its environment there.
- Windows: `taskkill` ends a process and its tree; a thread reads the output. There is no graceful
  way to end a process, no guard (a runtime ends by itself when its Runtime API is gone), no
  second pipe for log frames, and the memory is not known.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

from lambda_ric.emulator.environment import lineage
from lambda_ric.emulator.environment.guard import Guard
from lambda_ric.emulator.environment.resource_limits import set_limits

LINUX = sys.platform == "linux"
WINDOWS = sys.platform == "win32"

LOG_FD = "_LAMBDA_TELEMETRY_LOG_FD"
"""Names the descriptor that takes log frames; it leads to the same pipe as the output."""

_READ_SIZE = 65_536
_REAP_SECONDS = 0.1
_READS_AT_ONCE = 64  # so that a child that never stops writing cannot hold up the rest


class Child:
    """A running command. `on_output` gets its bytes, `on_exit` its status (negative: a signal).

    Raises OSError when the command cannot be started, ValueError for a NUL in it.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        directory: str | None,
        guard: Guard,
        on_output: Callable[[bytes], None],
        on_exit: Callable[[int], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._guard = guard
        self._on_output = on_output
        self._on_exit = on_exit
        self._ended = False
        self._strays: set[int] = set()  # ended processes that had left the group
        mark = os.urandom(16).hex()
        self._mark = f"{lineage.MARK}={mark}".encode()
        self.peak = 0  # bytes, of what was seen so far
        self._output, write_end = os.pipe()
        try:
            environment = {**environment, lineage.MARK: mark}
            if not WINDOWS:
                environment[LOG_FD] = str(write_end)
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=write_end,
                stderr=write_end,
                env=environment,
                cwd=directory,
                start_new_session=not WINDOWS,
                pass_fds=() if WINDOWS else (write_end,),
            )
        except (OSError, ValueError):
            os.close(self._output)
            raise
        finally:
            os.close(write_end)
        self.pid = self._process.pid
        set_limits(self.pid)
        guard.add(self.pid, self._mark)
        self._watch_output()
        self._watch_exit()

    def drain(self) -> None:
        """Read all the output so far, before anything that follows it is reported."""
        if not WINDOWS and not self._ended:
            for _ in range(_READS_AT_ONCE):
                try:
                    data = os.read(self._output, _READ_SIZE)
                except BlockingIOError:
                    return
                if not data:
                    self._loop.remove_reader(self._output)
                    return
                self._on_output(data)

    def terminate(self) -> None:
        """Ask the process itself, and no other, to end."""
        if WINDOWS:
            self.kill()
        else:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End the process and all that it has started."""
        if self._ended:
            return
        if WINDOWS:
            subprocess.run(
                ["taskkill", "/F", "/T", "/PID", str(self.pid)], capture_output=True, check=False
            )
        else:
            left = lineage.descendants(self.pid) if LINUX else []
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            if LINUX:
                lineage.end(left)
                self._strays |= {*left, *lineage.end_marked({self._mark})}

    def peak_memory(self) -> int:
        """Read the memory, and return the peak of all processes in bytes, 0 if unknown."""
        if not self._ended:
            self.peak = max(self.peak, _memory(self.pid))
        return self.peak

    def _watch_output(self) -> None:
        if WINDOWS:
            threading.Thread(target=self._read_output, daemon=True).start()
        else:
            os.set_blocking(self._output, False)
            self._loop.add_reader(self._output, self._output_readable)

    def _output_readable(self) -> None:
        try:
            data = os.read(self._output, _READ_SIZE)
        except BlockingIOError:
            return
        if data:
            self._on_output(data)
        else:
            self._loop.remove_reader(self._output)

    def _read_output(self) -> None:
        """Read in a thread, where a pipe cannot be waited for in the event loop."""
        while data := os.read(self._output, _READ_SIZE):
            self._loop.call_soon_threadsafe(self._on_output, data)

    def _watch_exit(self) -> None:
        try:
            if not LINUX:
                raise OSError("a pidfd is Linux's")
            watch = os.pidfd_open(self.pid)
        except OSError:
            threading.Thread(target=self._wait, daemon=True).start()
        else:
            self._loop.add_reader(watch, self._exited_on, watch)

    def _exited_on(self, watch: int) -> None:
        self._loop.remove_reader(watch)
        os.close(watch)
        self._exited()

    def _wait(self) -> None:
        self._process.wait()
        with suppress(RuntimeError):  # the loop is closed, so nobody needs the status
            self._loop.call_soon_threadsafe(self._exited)

    def _exited(self) -> None:
        """Read the last output, end what the process left behind, and report its status."""
        self.drain()
        self.kill()
        status = self._process.wait()
        self._ended = True
        self._guard.remove(self.pid, self._mark)
        if not WINDOWS:
            self._loop.remove_reader(self._output)
            os.close(self._output)
            with suppress(ChildProcessError):  # as process 1 the emulator inherits orphans
                while os.waitpid(-self.pid, os.WNOHANG)[0]:
                    pass
            self._loop.call_later(_REAP_SECONDS, _reap, self._strays)
        self._on_exit(status)


def _reap(processes: set[int]) -> None:
    """Forget ended processes, which are this one's children where it is process 1."""
    for process in processes:
        with suppress(ChildProcessError):
            os.waitpid(process, os.WNOHANG)


def _memory(pid: int) -> int:
    """Return what a process uses, at its peak, and its descendants, now, in bytes."""
    if LINUX:
        return _peak_of(pid) + sum(_resident(child) for child in lineage.descendants(pid))
    if WINDOWS:
        return 0
    listing = subprocess.run(
        ["ps", "-o", "rss=", "-g", str(pid)], capture_output=True, text=True, check=False
    )
    return 1_024 * sum(int(word) for word in listing.stdout.split())


def _peak_of(pid: int) -> int:
    with suppress(OSError), open(f"/proc/{pid}/status", "rb") as status:
        _, found, rest = status.read().partition(b"\nVmHWM:")
        if found:
            return 1_024 * int(rest.split(None, 1)[0])
    return 0


def _resident(pid: int) -> int:
    with suppress(OSError), open(f"/proc/{pid}/statm", "rb") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
