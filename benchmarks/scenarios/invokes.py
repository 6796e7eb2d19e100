"""Warm invokes: CPU time of the peer, and the time from event to answer."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from benchmarks import peers
from benchmarks.child import serving
from benchmarks.events import EVENT
from benchmarks.peers import Peer
from benchmarks.rounds import Measured, Table, rounds, take_turns


def small(scale: float) -> Table:
    return take_turns(peers.RUNTIMES, _measuring(EVENT, 500), rounds(15, scale))


def of(payload: bytes, times: int) -> Callable[[float], Table]:
    """Return the scenario of invokes with a payload, so many in a turn."""
    everyone = (peers.OURS, peers.OURS_WITH_ORJSON, peers.AWSLAMBDARIC, peers.HTTP_CLIENT)
    return lambda scale: take_turns(everyone, _measuring(payload, times), rounds(11, scale))


def _measuring(payload: bytes, times: int) -> Callable[[Peer], Measured]:
    def measure(peer: Peer) -> Measured:
        with serving(peer.argv("bare")) as child:
            child.api.invoke(payload, max(2, times // 10))
            child.api.latencies.clear()
            before = child.cpu_seconds()
            child.api.invoke(payload, times)
            return {
                "CPU µs": (child.cpu_seconds() - before) / times * 1e6,
                "latency µs": statistics.median(child.api.latencies) * 1e6,
            }

    return measure
