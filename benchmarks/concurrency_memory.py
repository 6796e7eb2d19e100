"""Memory of several invocations at once: `python -m benchmarks.concurrency_memory [--count 16]`.

The function imports boto3 and makes a client, and waits in each invocation. All memory of the
execution environment is added up, pages that processes share being counted once (the proportional
set size of /proc/PID/smaps_rollup), after each loop has served. Peers take turns; a figure is the
median of its rounds.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
from pathlib import Path

from benchmarks.child import ENVIRONMENT
from benchmarks.peers import AWSLAMBDARIC, FUNCTIONS, OURS, python_of
from lambda_ric.testing import Event, RuntimeApi

MODE = "AWS_LAMBDA_CONCURRENCY_MODE"

# What is shown, whose it is, the handler, and the mode that it asks for.
PEERS = (
    ("awslambdaric, processes", AWSLAMBDARIC, "awslambdaric", "handler", {}),
    ("lambda-ric, process", OURS, "lambda_ric", "handler", {MODE: "process"}),
    ("lambda-ric, hybrid", OURS, "lambda_ric", "handler", {MODE: "hybrid"}),
    ("lambda-ric, thread", OURS, "lambda_ric", "handler", {MODE: "thread"}),
    ("lambda-ric, async", OURS, "lambda_ric", "async_handler", {}),
)


def measure(python: Path, module: str, handler: str, count: int, more: dict[str, str]) -> int:
    """Return the bytes that an execution environment takes after `count` invocations at once."""
    # Each loop gets one event, since none is done before the last one has been handed out.
    events = [Event({"seconds": 1.0})] * count
    with RuntimeApi(events) as api:
        process = subprocess.Popen(
            [str(python), "-m", module, f"concurrent_handlers.{handler}"],
            cwd=FUNCTIONS,
            env={
                **ENVIRONMENT,
                "AWS_LAMBDA_RUNTIME_API": api.address,
                "AWS_LAMBDA_MAX_CONCURRENCY": str(count),
                **more,
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            api.wait_for_posts(count, timeout=120)
            return sum(proportional_size(pid) for pid in session_of(process.pid))
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def session_of(leader: int) -> list[int]:
    """Return the processes of a session."""
    members = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            members.append(int(stat.parent.name))
    return members


def proportional_size(pid: int) -> int:
    """Return the memory of a process in bytes, its share of what it shares."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, value = line.partition(":")
        if name == "Pss":
            return int(value.split()[0]) * 1024
    raise LookupError("the kernel does not tell the proportional set size")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.concurrency_memory")
    parser.add_argument("--count", type=int, default=16, help="invocations at once")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    sizes: dict[str, list[int]] = {}
    for _ in range(arguments.rounds):
        for name, peer, module, handler, more in PEERS:
            size = measure(python_of(peer), module, handler, arguments.count, more)
            sizes.setdefault(name, []).append(size)
    theirs = sizes[PEERS[0][0]]
    for name, measured in sizes.items():
        ratio = statistics.median(
            [mine / other for mine, other in zip(measured, theirs, strict=True)]
        )
        print(f"{name:26} {statistics.median(measured) / 1_048_576:7.1f} MiB  {ratio:.2f}")


if __name__ == "__main__":
    main()
