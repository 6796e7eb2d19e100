"""Cold starts: from before the exec to the last byte of the first answer."""

from __future__ import annotations

import functools
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import peers
from benchmarks.child import ENVIRONMENT, run_to_end, running_child
from benchmarks.environments import CACHE
from benchmarks.events import EVENT
from benchmarks.peers import Peer
from benchmarks.processors import part_of_a_processor
from benchmarks.rounds import Measured, Table, rounds, take_turns

STARTS = (peers.OURS, peers.OURS_AS_SCRIPT, *peers.DROP_INS[1:])


IMPORTING = (peers.OURS, peers.OURS_BUNDLED, peers.AWSLAMBDARIC)

DROP_CACHES = Path("/proc/sys/vm/drop_caches")


def bare(scale: float) -> Table:
    runtimes = (peers.OURS, peers.OURS_AS_SCRIPT, *peers.RUNTIMES[1:])
    everyone = (*runtimes, *peers.of_other_languages(), *peers.FLOORS)
    return take_turns(everyone, _measuring("bare"), rounds(41, scale))


def with_logging(scale: float) -> Table:
    return take_turns(STARTS, _measuring("with_logging"), rounds(21, scale))


def of_imports(function: str, event: bytes = EVENT) -> Callable[[float], Table]:
    """Return the scenario of a function that imports what many do."""
    return lambda scale: take_turns(IMPORTING, _measuring(function, event=event), rounds(15, scale))


def of_uncached(function: str, event: bytes = EVENT) -> Callable[[float], Table]:
    """Return the same scenario where no file is in the page cache, as in a new environment."""

    def measure(peer: Peer) -> Measured:
        os.sync()
        DROP_CACHES.write_text("3")
        return start(peer)

    start = _measuring(function, event=event)
    return lambda scale: take_turns(IMPORTING, measure, rounds(7, scale))


def with_little_cpu(scale: float) -> Table:
    with part_of_a_processor(0.07) as wrapper:
        everyone = (peers.OURS, peers.OURS_AS_SCRIPT, peers.AWSLAMBDARIC, peers.NOTHING)
        return take_turns(everyone, _measuring("bare", wrapper), rounds(11, scale))


def _measuring(
    function: str, wrapper: Sequence[str] = (), event: bytes = EVENT
) -> Callable[[Peer], Measured]:
    def measure(peer: Peer) -> Measured:
        argv = [*wrapper, *peer.argv(function)]
        if not peer.serves:
            wall, cpu = run_to_end(argv)
            return {"wall ms": wall * 1e3, "CPU ms": cpu * 1e3}
        environment = ENVIRONMENT
        if peer.bundled:
            environment = ENVIRONMENT | {"LAMBDA_RIC_BUNDLE": str(_bundle_of(peer, function))}
        with running_child(argv, environment=environment) as child:
            answered_at = child.api.invoke(event)
            return {
                "wall ms": (answered_at - child.started_at) * 1e3,
                "CPU ms": child.cpu_seconds() * 1e3,
            }

    return measure


@functools.cache
def _bundle_of(peer: Peer, function: str) -> Path:
    """Return the bundle of a function, made at the first call in this process."""
    path = CACHE / f"{function}.bundle"
    python = str(peers.python_of(peer))
    command = [python, "-m", "lambda_ric", "bundle", f"{function}.handler", "--output", str(path)]
    subprocess.run(
        command, cwd=peers.FUNCTIONS, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=True
    )
    return path
