"""Memory and disk."""

from __future__ import annotations

from benchmarks import peers
from benchmarks.child import running_child
from benchmarks.environments import install_alone
from benchmarks.events import EVENT
from benchmarks.peers import Peer
from benchmarks.rounds import Measured, Table, rounds, take_turns


def idle(scale: float) -> Table:
    def measure(peer: Peer) -> Measured:
        with running_child(peer.argv("bare")) as child:
            child.api.invoke(EVENT)
            return {
                "idle MB": child.memory("VmRSS") / 1e6,
                "peak MB": child.memory("VmHWM") / 1e6,
            }

    everyone = (*peers.RUNTIMES, *peers.of_other_languages(), peers.LEAST)
    return take_turns(everyone, measure, rounds(5, scale))


def installed(scale: float) -> Table:
    def measure(peer: Peer) -> Measured:
        found = install_alone(str(peer.requirement))
        return {
            "size MB": found.size / 1e6,
            "files": found.files,
            "packages": found.packages,
            "seconds of pip install": found.seconds,
        }

    everyone = [peer for peer in peers.RUNTIMES if peer.requirement]
    return take_turns(everyone, measure, rounds(7, scale))
