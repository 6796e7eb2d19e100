"""Warm invokes: CPU time of the peer, and the time from event to answer."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import peers
from benchmarks.child import running_child
from benchmarks.events import EVENT
from benchmarks.peers import Peer
from benchmarks.processors import one_processor
from benchmarks.rounds import Measured, Table, rounds, take_turns


@dataclass(frozen=True)
class Text:
    """A size of payload in bytes, and how many invokes with it make a turn."""

    size: int
    label: str
    times: int


INVOKES_OF_SLOWEST = 20_000

TEXTS = {
    "text-100": Text(100, "100 B", 300),
    "text-10k": Text(10_000, "10 kB", 200),
    "text-100k": Text(100_000, "100 kB", 100),
    "text-1m": Text(1_000_000, "1 MB", 20),
    "text-5m": Text(5_000_000, "5 MB", 10),
    "text-6m": Text(6 * 1_048_576, "6 MiB", 10),
}
"""Up to the largest payload that Lambda takes."""


def small(scale: float) -> Table:
    """Peer and Runtime API share a processor, as in a function of less than 1,769 MB."""
    with one_processor():
        return small_on_all_processors(scale)


def small_on_all_processors(scale: float) -> Table:
    """Each message wakes another processor, which costs everybody the same, and much."""
    everyone = (*peers.RUNTIMES, *peers.of_other_languages(), peers.LEAST)
    return take_turns(everyone, _measuring(EVENT, 500), rounds(15, scale))


def slowest(scale: float) -> Table:
    """A full collection stops the function, about once in a hundred invokes.

    Each invoke is measured in CPU time, since a busy machine makes any of them wait for longer.
    """

    def measure(peer: Peer) -> Measured:
        with running_child(peer.argv("allocating")) as child:
            child.api.invoke(EVENT)
            taken = [child.cpu_seconds()]
            for _ in range(INVOKES_OF_SLOWEST):
                child.api.invoke(EVENT)
                taken.append(child.cpu_seconds())
            invokes = [after - before for before, after in itertools.pairwise(taken)]
            return {
                "slowest thousandth, CPU ms": _quantile(invokes, 0.999) * 1e3,
                "longest, CPU ms": max(invokes) * 1e3,
                "CPU µs": sum(invokes) / INVOKES_OF_SLOWEST * 1e6,
                "memory MB": child.memory("VmRSS") / 1e6,
            }

    with one_processor():
        return take_turns((peers.OURS, peers.AWSLAMBDARIC), measure, rounds(5, scale))


def _quantile(values: list[float], part: float) -> float:
    return sorted(values)[int(len(values) * part)]


def of(payload: bytes, times: int) -> Callable[[float], Table]:
    """Return the scenario of invokes with a payload, so many in a turn."""
    runtimes = (peers.OURS, peers.OURS_WITH_ORJSON, peers.AWSLAMBDARIC, peers.HTTP_CLIENT)
    everyone = (*runtimes, peers.MOVING)
    return lambda scale: take_turns(everyone, _measuring(payload, times), rounds(11, scale))


def _measuring(payload: bytes, times: int) -> Callable[[Peer], Measured]:
    def measure(peer: Peer) -> Measured:
        with running_child(peer.argv("bare")) as child:
            child.api.invoke(payload, max(2, times // 10))
            child.api.latencies.clear()
            before = child.cpu_seconds()
            child.api.invoke(payload, times)
            return {
                "CPU µs": (child.cpu_seconds() - before) / times * 1e6,
                "latency µs": statistics.median(child.api.latencies) * 1e6,
            }

    return measure
