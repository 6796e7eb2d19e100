"""What is measured, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.events import records_event, text_event
from benchmarks.rounds import Table
from benchmarks.scenarios import counts, invokes, local, space, starts


@dataclass(frozen=True)
class Scenario:
    """`run` gives each peer its turns; its argument scales their number, 1 for the full one."""

    name: str
    title: str
    run: Callable[[float], Table]


SCENARIOS = (
    Scenario("cold-start", "Cold start: exec to first response posted", starts.bare),
    Scenario(
        "cold-start-logging",
        "Cold start of a function that imports json and logging",
        starts.with_logging,
    ),
    Scenario(
        "cold-start-boto3", "Cold start of a function that makes a boto3 client", starts.with_boto3
    ),
    Scenario(
        "cold-start-small",
        "Cold start with 7 % of a processor, as a function of 128 MB has",
        starts.with_little_cpu,
    ),
    Scenario("warm", "Warm invoke, small event", invokes.small),
    Scenario("text-100", "Text of 100 B in and out", invokes.of(text_event(100), 300)),
    Scenario("text-10k", "Text of 10 kB in and out", invokes.of(text_event(10_000), 200)),
    Scenario("text-100k", "Text of 100 kB in and out", invokes.of(text_event(100_000), 100)),
    Scenario("text-1m", "Text of 1 MB in and out", invokes.of(text_event(1_000_000), 20)),
    Scenario("text-5m", "Text of 5 MB in and out", invokes.of(text_event(5_000_000), 10)),
    Scenario("text-6m", "Text of 6 MiB in and out", invokes.of(text_event(6 * 1_048_576), 10)),
    Scenario(
        "records-100k", "Records of 100 kB in and out", invokes.of(records_event(100_000), 50)
    ),
    Scenario("records-5m", "Records of 5 MB in and out", invokes.of(records_event(5_000_000), 5)),
    Scenario("memory", "Memory, idle after one invoke", space.idle),
    Scenario(
        "concurrency", "Memory of an environment for ten invokes at once", space.of_concurrency
    ),
    Scenario("installed", "Installed, without compiled modules", space.installed),
    Scenario("modules", "Modules loaded at the first invoke", counts.modules),
    Scenario("system-calls", "System calls of one warm invoke", counts.system_calls),
    Scenario("instructions", "CPU instructions of one warm invoke", counts.instructions),
    Scenario(
        "emulator", "Whole warm invoke through an emulator, the same function", local.whole_invokes
    ),
    Scenario("stream", "Streaming through our emulator", local.streams),
)
