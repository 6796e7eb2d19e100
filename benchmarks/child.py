"""A peer that was started as Lambda starts a runtime, and what it costs.

CPU time and memory are read from /proc, which only Linux has; so it is with awslambdaric.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.peers import FUNCTIONS
from benchmarks.scripted_api import LIMIT_SECONDS, PeerFailed, ScriptedApi, scripted_api

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_FUNCTION_NAME": "benchmark",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/benchmark",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef",
    "AWS_REGION": "us-east-1",
    "LANG": "en_US.UTF-8",
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "PYTHONHASHSEED": "0",
    "TZ": ":UTC",
}
_KIB = 1024


class Child:
    """A running peer and its Runtime API."""

    def __init__(self, process: subprocess.Popen[bytes], api: ScriptedApi, started: float) -> None:
        self.api = api
        self.started_at = started
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    def cpu_seconds(self) -> float:
        """Return the CPU time so far, of all threads.

        Exact to the moment when the process last began to wait, as it does between invokes.
        """
        return cpu_of(self.pid)

    def memory(self, field: str) -> int:
        """Return the process's field of /proc/PID/status in bytes, as memory_of does."""
        return memory_of(self.pid, field)

    def share_of_memory(self) -> int:
        """Return the bytes that this process and those it started take, what is shared in parts."""
        return sum(_proportional_share(pid) for pid in family(self.pid))


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU time that all threads of a process have taken."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


def memory_of(pid: int, field: str) -> int:
    """Return a field of /proc/PID/status in bytes: VmRSS now, VmHWM at its highest."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * _KIB
    raise PeerFailed(f"{field} is not known of the process")


def family(pid: int) -> list[int]:
    """Return a process and all that it has started, and they."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [member for child in children for member in family(int(child))]


def _proportional_share(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * _KIB
    raise PeerFailed("the memory of the process is not known")


@contextmanager
def running_child(
    argv: Sequence[str],
    wrapper: Sequence[str] = (),
    stop: int | None = None,
    environment: Mapping[str, str] = ENVIRONMENT,
) -> Iterator[Child]:
    """Start what serves a function, under a command such as valgrind if one is given.

    In the end it is killed, unless another signal is to stop it.
    """
    with scripted_api() as api, tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(
            [*wrapper, *argv],
            cwd=FUNCTIONS,
            env={
                **environment,
                "AWS_LAMBDA_RUNTIME_API": api.address,
                "LAMBDA_TASK_ROOT": str(FUNCTIONS),
                "_HANDLER": argv[-1],  # the last argument, as CMD of an image is in Lambda
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            api.watch(process.pid)
            yield Child(process, api, started)
        except PeerFailed as failure:
            log.seek(0)
            raise PeerFailed(f"{argv}: {failure}\n{log.read().decode()}") from None
        finally:
            if stop is None:
                process.kill()
            else:
                process.send_signal(stop)
            process.wait(LIMIT_SECONDS)


def run_to_end(argv: Sequence[str]) -> tuple[float, float]:
    """Run a command to its end, and return its wall and CPU time in seconds."""
    started = time.perf_counter()
    pid = os.posix_spawn(argv[0], list(argv), ENVIRONMENT)
    _, status, usage = os.wait4(pid, 0)
    ended = time.perf_counter()
    if status:
        raise PeerFailed(f"{argv}: wait status {status}")
    return ended - started, usage.ru_utime + usage.ru_stime
