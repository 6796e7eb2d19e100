"""Durable executions in our emulator: what a replay costs, and what executions that wait cost."""

from __future__ import annotations

import json
import time
from http.client import HTTPConnection

from benchmarks import emulators, peers
from benchmarks.child import cpu_of, memory_of
from benchmarks.emulators import INVOCATIONS, Emulator, emulating
from benchmarks.rounds import Measured, Table, rounds, take_turns
from benchmarks.scenarios.local import OURS, Local

STEPS = 100
WAITS = 20
WAITING = 1_000
SECONDS = 10


def replays(scale: float) -> Table:
    """An execution finishes its steps and then waits often; no wait takes time."""

    def measure(_: Local) -> Measured:
        options = (emulators.durable("--skip-time"), peers.OURS.argv("durable"))
        with emulating(*options) as running:
            _replay(running, STEPS)  # starts the execution environment
            return {
                "replay, ms": _replay(running, 1),
                f"replay behind {STEPS} steps, ms": _replay(running, STEPS),
            }

    return take_turns((OURS,), measure, rounds(7, scale))


def _replay(running: Emulator, steps: int) -> float:
    """Return the milliseconds of one invocation, all included, behind so many finished steps."""
    event = json.dumps({"steps": steps, "waits": WAITS, "seconds": 3_600}).encode()
    return running.time_of_invoke(event) / (WAITS + 1) * 1e3


def waiting(scale: float) -> Table:
    """Many executions wait for an hour, while nothing else happens.

    The idle execution environments take some CPU by themselves, without any execution.
    """

    def measure(_: Local) -> Measured:
        with emulating(emulators.durable(), peers.OURS.argv("durable")) as running:
            _start_all(running, waits=0)
            without = _idle(running)
            before = memory_of(running.pid, "VmRSS")
            _start_all(running, waits=1)
            grown = memory_of(running.pid, "VmRSS") - before
            return {
                f"CPU ms in {SECONDS} s": _idle(running),
                "the same when none waits": without,
                "kB of an execution": grown / WAITING / 1e3,
            }

    return take_turns((OURS,), measure, rounds(3, scale))


def _idle(running: Emulator) -> float:
    """Return the milliseconds of CPU that the emulator takes while nothing happens."""
    before = cpu_of(running.pid)
    time.sleep(SECONDS)
    return (cpu_of(running.pid) - before) * 1e3


def _start_all(running: Emulator, waits: int) -> None:
    """Start the executions, and wait until the invocations of all of them have ended."""
    event = json.dumps({"steps": 1, "waits": waits, "seconds": 3_600})
    connection = HTTPConnection("127.0.0.1", running.port)
    for _ in range(WAITING):
        connection.request("POST", INVOCATIONS, event, {"X-Amz-Invocation-Type": "Event"})
        connection.getresponse().read()
    while True:
        connection.request("GET", "/_ric/health")
        (counts,) = json.loads(connection.getresponse().read())["functions"].values()
        if counts["idle"] == sum(counts.values()):
            return
        time.sleep(0.1)
