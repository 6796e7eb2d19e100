"""Worker processes: forked before the function is imported, watched, and replaced when they die.

A worker reports its progress to its parent through a pipe, so that the parent knows what its
death means.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import contextmanager, suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, NoReturn

READY = b"r"
"""The worker has loaded the function."""

SERVES_ALL = b"a"
"""The worker has loaded the function, and will serve all invocations itself."""

LEADS = b"l"
"""The worker has loaded the function, and will be the parent of the other workers."""

API_GONE = b"g"
"""The worker cannot use the Runtime API any more."""

GRACE_SECONDS = 2.0
"""Seconds that the other workers have to end, if a worker cannot be replaced."""

_POLL_SECONDS = 0.01


class Worker:
    """The parent's view of one worker process."""

    def __init__(self, number: int, pid: int, pipe: int) -> None:
        self.number = number
        self.pid = pid
        self._pipe = pipe
        self._status = b""

    def read_status(self) -> bytes:
        """Return the worker's report; empty if it died before it reported anything."""
        self._status = os.read(self._pipe, 1)
        return self._status

    def forget(self) -> None:
        """Close the pipe that another worker has inherited."""
        os.close(self._pipe)

    def final_status(self) -> bytes:
        """Return everything that the dead worker reported."""
        while part := os.read(self._pipe, 16):
            self._status += part
        self.forget()
        return self._status


class WorkerPipe:
    """The pipe through which a worker reports to its parent."""

    def __init__(self, number: int, pipe: int) -> None:
        self.number = number
        self._pipe = pipe

    def send(self, word: bytes) -> None:
        """Report READY, SERVES_ALL or API_GONE."""
        os.write(self._pipe, word)


class Supervisor:
    """Forks workers and watches them."""

    def __init__(self) -> None:
        self._workers: dict[int, Worker] = {}
        self._stopping = False
        self._sigterm_of_workers = signal.signal(signal.SIGTERM, self._stop) or signal.SIG_DFL

    def fork(self, number: int) -> Worker | WorkerPipe:
        """Start a worker: returns its WorkerPipe in the worker, and the Worker in the parent."""
        reading, writing = os.pipe()
        with _sigterm_waits():
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGTERM, self._sigterm_of_workers)
                os.close(reading)
                for other in self._workers.values():
                    other.forget()
                return WorkerPipe(number, writing)
            worker = self._workers[pid] = Worker(number, pid, reading)
        os.close(writing)
        if self._stopping:  # pragma: no cover - a SIGTERM came while it was blocked
            self._stop()
        return worker

    def fork_all(self, numbers: Iterable[int]) -> WorkerPipe:
        """Start workers and watch them. Returns in the workers only."""
        for number in numbers:
            worker = self.fork(number)
            if isinstance(worker, WorkerPipe):
                return worker
        return self.watch()

    def follow(self, worker: Worker) -> NoReturn:
        """Wait for a worker that has workers of its own, and end as it ends."""
        while True:
            pid, status = os.waitpid(-1, 0)
            if pid == worker.pid:
                code = os.waitstatus_to_exitcode(status)
                if code < 0 and not self._stopping:
                    _say(f"the parent of the workers {_describe(status)}")
                sys.exit(max(code, 0) if self._stopping or code >= 0 else 1)

    def watch(self) -> WorkerPipe:
        """Watch the workers, and replace those that die. Returns only in a replacement.

        Ends the process if a worker cannot be replaced, since the environment can then no longer
        serve as many invocations as promised.
        """
        while self._workers:
            pid, status = os.waitpid(-1, 0)
            worker = self._workers.pop(pid, None)
            if worker is None:  # pragma: no cover - PID 1 also gets the orphans of others
                continue
            told = worker.final_status()
            if self._stopping:
                continue
            end = f"worker {worker.number} (process {pid}) {_describe(status)}"
            if API_GONE in told or not told:
                self._give_up(end, os.waitstatus_to_exitcode(status))
            _say(f"{end}; another one takes its place")
            replacement = self.fork(worker.number)
            if isinstance(replacement, WorkerPipe):
                return replacement
        sys.exit(0)

    def _give_up(self, end: str, code: int) -> NoReturn:
        _say(f"{end} and cannot be replaced")
        self._stop()
        killed_at = time.monotonic() + GRACE_SECONDS
        while self._workers:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid:
                self._workers.pop(pid, None)
            elif time.monotonic() > killed_at:
                self._send(signal.SIGKILL)
                break
            else:
                time.sleep(_POLL_SECONDS)
        sys.exit(code if code > 0 else 1)

    def _stop(self, *_: Any) -> None:
        """Pass the announcement of the shutdown on to the workers."""
        self._stopping = True
        self._send(signal.SIGTERM)

    def _send(self, number: signal.Signals) -> None:
        for pid in list(self._workers):
            with suppress(ProcessLookupError):
                os.kill(pid, number)


@contextmanager
def _sigterm_waits() -> Iterator[None]:
    """Block SIGTERM while a worker is not in the list yet, or has no signal handler yet."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])


def _describe(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"ended with exit code {code}" if code >= 0 else f"was killed by signal {-code}"


def _say(message: str) -> None:
    sys.stderr.write(f"lambda-ric: {message}\n")
