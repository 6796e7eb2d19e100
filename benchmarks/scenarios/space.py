"""Memory and disk."""

from __future__ import annotations

from benchmarks import peers
from benchmarks.child import ENVIRONMENT, serving
from benchmarks.environments import footprint
from benchmarks.events import EVENT
from benchmarks.peers import Peer
from benchmarks.rounds import Measured, Table, rounds, take_turns

AT_ONCE = 10


def idle(scale: float) -> Table:
    def measure(peer: Peer) -> Measured:
        with serving(peer.argv("bare")) as child:
            child.api.invoke(EVENT)
            return {
                "idle MB": child.memory("VmRSS") / 1e6,
                "peak MB": child.memory("VmHWM") / 1e6,
            }

    return take_turns(peers.RUNTIMES, measure, rounds(5, scale))


def of_concurrency(scale: float) -> Table:
    """Ours in one process with an event loop, then both in a process for each."""
    environment = ENVIRONMENT | {"AWS_LAMBDA_MAX_CONCURRENCY": str(AT_ONCE)}

    def measure(peer: Peer) -> Measured:
        function = "bare_async" if peer is peers.OURS else "bare"
        with serving(peer.argv(function), environment=environment) as child:
            child.api.await_polls(AT_ONCE)
            return {"memory MB": child.share_of_memory() / 1e6}

    everyone = (peers.OURS, peers.OURS_IN_PROCESSES, peers.AWSLAMBDARIC)
    return take_turns(everyone, measure, rounds(5, scale))


def installed(_: float) -> Table:
    def measure(peer: Peer) -> Measured:
        found = footprint(str(peer.requirement))
        return {
            "size MB": found.size / 1e6,
            "files": found.files,
            "packages": found.packages,
        }

    everyone = [peer for peer in peers.RUNTIMES if peer.requirement]
    return take_turns(everyone, measure, rounds=1, warm_up=0)
