"""Cold starts: from before the exec to the last byte of the first answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks import peers
from benchmarks.child import run_to_end, running_child
from benchmarks.events import EVENT
from benchmarks.peers import Peer
from benchmarks.processors import part_of_a_processor
from benchmarks.rounds import Measured, Table, rounds, take_turns

STARTS = (peers.OURS, peers.OURS_AS_SCRIPT, *peers.DROP_INS[1:])


def bare(scale: float) -> Table:
    runtimes = (peers.OURS, peers.OURS_AS_SCRIPT, *peers.RUNTIMES[1:])
    everyone = (*runtimes, *peers.of_other_languages(), *peers.FLOORS)
    return take_turns(everyone, _measuring("bare"), rounds(41, scale))


def with_logging(scale: float) -> Table:
    return take_turns(STARTS, _measuring("with_logging"), rounds(21, scale))


def with_boto3(scale: float) -> Table:
    return take_turns(STARTS, _measuring("with_boto3"), rounds(11, scale))


def with_little_cpu(scale: float) -> Table:
    with part_of_a_processor(0.07) as wrapper:
        everyone = (peers.OURS, peers.OURS_AS_SCRIPT, peers.AWSLAMBDARIC, peers.NOTHING)
        return take_turns(everyone, _measuring("bare", wrapper), rounds(11, scale))


def _measuring(function: str, wrapper: Sequence[str] = ()) -> Callable[[Peer], Measured]:
    def measure(peer: Peer) -> Measured:
        argv = [*wrapper, *peer.argv(function)]
        if not peer.serves:
            wall, cpu = run_to_end(argv)
            return {"wall ms": wall * 1e3, "CPU ms": cpu * 1e3}
        with running_child(argv) as child:
            answered_at = child.api.invoke(EVENT)
            return {
                "wall ms": (answered_at - child.started_at) * 1e3,
                "CPU ms": child.cpu_seconds() * 1e3,
            }

    return measure
