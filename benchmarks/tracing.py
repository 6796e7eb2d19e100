"""Counts instead of times: the same on any machine, busy or not.

None of them has the cost of the start in it.
"""

from __future__ import annotations

import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.child import ENVIRONMENT, running_child
from benchmarks.scripted_api import LIMIT_SECONDS, PeerFailed

_FEW, _MANY = 10, 60
_CALL = re.compile(r"^\d+ +\w+\(", re.MULTILINE)  # not `<... resumed>`, which is its other half
_ENDED = re.compile(r"\+\+\+ (killed|exited) ")
_COLLECTED = re.compile(r"Collected : (\d+)")


def system_calls_per_invoke(
    argv: Sequence[str], payload: bytes, environment: Mapping[str, str] = ENVIRONMENT
) -> float:
    """Return the mean number of system calls of a warm invoke, of all threads (needs strace).

    It is the difference of two runs that serve a different number of invokes.
    """

    def count(directory: Path, times: int) -> int:
        trace = directory / str(times)
        # -D keeps the peer our child; its tracer writes the last line when it is gone.
        strace = ("strace", "-D", "-f", "-qq", "-o", str(trace))
        with running_child(argv, strace, environment=environment) as child:
            child.api.invoke(payload, times)
        return len(_CALL.findall(_read_whole(trace)))

    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        count(directory, 1)  # whoever starts for the first time compiles modules
        return (count(directory, _MANY) - count(directory, _FEW)) / (_MANY - _FEW)


def _read_whole(trace: Path) -> str:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not _ENDED.search(text := trace.read_text()):
        if time.monotonic() > deadline:
            raise PeerFailed("strace did not see the peer end")
        time.sleep(0.01)
    return text


def instructions_per_invoke(
    argv: Sequence[str], payload: bytes, environment: Mapping[str, str] = ENVIRONMENT
) -> float:
    """Return the mean number of instructions of a warm invoke (needs valgrind).

    What the kernel does is not in it. Counting begins in the pause after the first invokes, which
    takes a quarter of the time of two runs that count from the start, and finds the same.
    """
    with tempfile.TemporaryDirectory() as name:
        log, pipes = Path(name, "log"), f"--vgdb-prefix={name}/vgdb"
        valgrind = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
        wrapper = (*valgrind, "--instr-atstart=no", pipes, f"--log-file={log}")
        # SIGTERM lets valgrind write what it has counted.
        with running_child(argv, wrapper, signal.SIGTERM, environment) as child:
            child.api.invoke(payload, _FEW)
            begin = ("vgdb", f"--pid={child.pid}", pipes, "instrumentation", "on")
            subprocess.run(begin, check=True, capture_output=True, timeout=LIMIT_SECONDS)
            child.api.invoke(payload, _MANY - _FEW)
        (collected,) = _COLLECTED.findall(log.read_text())
    return int(collected) / (_MANY - _FEW)
