"""What is measured, in the order in which it is told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import serverless
from benchmarks.events import EVENT, HTTP_EVENT, records_event, text_event
from benchmarks.rounds import Table
from benchmarks.scenarios import (
    concurrency,
    counts,
    durable,
    front_door,
    invokes,
    local,
    space,
    starts,
    web,
)
from benchmarks.scenarios.concurrency import AT_ONCE


@dataclass(frozen=True)
class Scenario:
    """`run` gives each peer its turns; its argument scales their number, 1 for the full one."""

    name: str
    title: str
    run: Callable[[float], Table]
    missing: Callable[[], str] = lambda: ""
    """Tells what is missing to run it here; nothing if all is there."""


def _unless_installed(program: str) -> Callable[[], str]:
    return lambda: "" if shutil.which(program) else f"{program} is not installed"


def _unless_root() -> str:
    return "" if os.geteuid() == 0 else "only root may make a control group"


IMPORTING: tuple[tuple[str, str, str, bytes], ...] = (
    ("boto3", "a function that makes a boto3 client", "with_boto3", EVENT),
    ("fastapi", "a FastAPI application behind mangum", "with_fastapi", HTTP_EVENT),
    ("powertools", "a function with Powertools", "with_powertools", HTTP_EVENT),
)

SCENARIOS = (
    Scenario("cold-start", "Cold start: exec to first response posted", starts.bare),
    Scenario(
        "cold-start-logging",
        "Cold start of a function that imports json and logging",
        starts.with_logging,
    ),
    *(
        Scenario(f"cold-start-{name}", f"Cold start of {what}", starts.of_imports(function, event))
        for name, what, function, event in IMPORTING
    ),
    *(
        Scenario(
            f"cold-start-{name}-uncached",
            f"Cold start of {what}, no file in the page cache",
            starts.of_uncached(function, event),
            lambda: "" if os.geteuid() == 0 else "only root may empty the page cache",
        )
        for name, what, function, event in IMPORTING
    ),
    Scenario("pauses", "Slowest warm invokes of a function that allocates", invokes.slowest),
    Scenario(
        "cold-start-small",
        "Cold start with 7 % of a processor, as a function of 128 MB has",
        starts.with_little_cpu,
        _unless_root,
    ),
    Scenario("warm", "Warm invoke, small event, on one processor", invokes.small),
    Scenario(
        "warm-all-processors",
        "Warm invoke, small event, on all processors",
        invokes.small_on_all_processors,
    ),
    *(
        Scenario(
            name, f"Text of {text.label} in and out", invokes.of(text_event(text.size), text.times)
        )
        for name, text in invokes.TEXTS.items()
    ),
    Scenario(
        "records-100k", "Records of 100 kB in and out", invokes.of(records_event(100_000), 50)
    ),
    Scenario("records-5m", "Records of 5 MB in and out", invokes.of(records_event(5_000_000), 5)),
    Scenario("web", "Warm request to a FastAPI application", web.warm, web.missing),
    Scenario("memory", "Memory, idle after one invoke", space.idle),
    Scenario(
        "concurrency",
        f"Memory of an environment for {AT_ONCE} invokes at once",
        concurrency.memory_with("bare"),
    ),
    Scenario(
        "concurrency-boto3",
        f"Memory of an environment for {AT_ONCE} invokes at once of a function with a boto3 client",
        concurrency.memory_with("with_boto3"),
    ),
    Scenario("installed", "Installed, without compiled modules", space.installed),
    Scenario("modules", "Modules loaded at the first invoke", counts.modules),
    Scenario(
        "system-calls",
        "System calls of one warm invoke",
        counts.system_calls,
        _unless_installed("strace"),
    ),
    Scenario(
        "instructions",
        "CPU instructions of one warm invoke",
        counts.instructions,
        _unless_installed("valgrind"),
    ),
    Scenario(
        "emulator", "Whole warm invoke through an emulator, the same function", local.whole_invokes
    ),
    Scenario(
        "emulator-calls", "Python calls of one warm invoke in our emulator", local.python_calls
    ),
    Scenario("durable-replay", "Replay of a durable execution in our emulator", durable.replays),
    Scenario(
        "durable-waiting",
        f"{durable.WAITING:,} durable executions that wait in our emulator",
        durable.waiting,
    ),
    Scenario("front-door", "A warm request through a front door of our emulator", front_door.added),
    Scenario(
        "serverless-offline",
        "A warm request through a local HTTP API, the same function",
        front_door.beside_serverless_offline,
        serverless.missing,
    ),
    Scenario("stream", "Streaming through our emulator", local.streams),
)
