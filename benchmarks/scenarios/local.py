"""The local Lambda: whole invokes through it, beside AWS's emulator, and streams."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks import emulators, peers
from benchmarks.child import cpu_of, family, memory_of
from benchmarks.emulator_calls import calls_of_a_warm_invoke
from benchmarks.emulators import Emulator, emulating
from benchmarks.events import EVENT
from benchmarks.rounds import Measured, Table, rounds, take_turns


@dataclass(frozen=True)
class Local:
    """An emulator, and what makes its command line."""

    name: str
    command: Callable[[int, int], list[str]]


OURS = Local("lambda-ric emulate", emulators.ours)
RIE = Local("aws-lambda-rie", emulators.of_aws)
RELAY = Local(emulators.RELAY, emulators.relaying)
INVOKES = 100
STREAMED = 100 * 1_048_576
BLOCK = 65_536

_YIELDED_AT = re.compile(rb"<(\d+)>")


def whole_invokes(scale: float) -> Table:
    """The emulators run the same function under the same runtime, awslambdaric.

    All stay up all the time. Their turns are short, so that they meet the same load. The relay
    shows how much of each time no emulator can save.
    """
    with ExitStack() as stack:
        running = {
            emulator.name: stack.enter_context(
                emulating(emulator.command, peers.AWSLAMBDARIC.argv("bare"))
            )
            for emulator in (OURS, RIE, RELAY)
        }

        def measure(emulator: Local) -> Measured:
            serving = running[emulator.name]
            before = cpu_of(serving.pid)
            times = [serving.time_of_invoke(EVENT) for _ in range(INVOKES)]
            return {
                "emulator's CPU µs": (cpu_of(serving.pid) - before) / INVOKES * 1e6,
                "median µs": statistics.median(times) * 1e6,
                "95th percentile µs": statistics.quantiles(times, n=20)[-1] * 1e6,
            }

        return take_turns((OURS, RIE, RELAY), measure, rounds(31, scale))


def python_calls(_: float) -> Table:
    """`benchmarks.emulator_calls` says what counts."""

    def measure(_: Local) -> Measured:
        counted = calls_of_a_warm_invoke()
        return {"Python calls": counted.calls, "modules called": counted.modules}

    return take_turns((OURS,), measure, rounds=1)


def streams(scale: float) -> Table:
    """Only ours streams: AWS's emulator sends all at the end."""

    def measure(emulator: Local) -> Measured:
        with emulating(emulator.command, peers.OURS.argv("streaming")) as running:
            delays = _delays(running, 5) and _delays(running, 100)
            before = _memory(running)
            started = time.perf_counter()
            received = sum(map(len, running.stream(b'{"blocks": %d}' % (STREAMED // BLOCK))))
            seconds = time.perf_counter() - started
            assert received > STREAMED
            grown = [peak - idle for peak, idle in zip(_memory(running), before, strict=True)]
            return {
                "yield to client, median ms": statistics.median(delays) * 1e3,
                "MB/s": STREAMED / seconds / 1e6,
                "100 MiB grow the emulator by MB": grown[0] / 1e6,
                "100 MiB grow the function by MB": grown[-1] / 1e6,
            }

    return take_turns((OURS,), measure, rounds(5, scale))


def _delays(running: Emulator, pieces: int) -> list[float]:
    """Stream pieces that tell when they were yielded; return how long each was on its way."""
    delays = []
    for data in running.stream(b'{"pieces": %d}' % pieces):
        arrived = time.monotonic_ns()
        delays.extend([(arrived - int(at)) / 1e9 for at in _YIELDED_AT.findall(data)])
    assert len(delays) == pieces
    return delays


def _memory(running: Emulator) -> list[int]:
    """Return the peak memory of the emulator and of the function, in bytes."""
    return [memory_of(pid, "VmHWM") for pid in family(running.pid)]
