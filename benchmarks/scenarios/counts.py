"""What can be counted: the same on any machine, busy or not."""

from __future__ import annotations

from benchmarks import peers
from benchmarks.child import running_child
from benchmarks.events import EVENT
from benchmarks.peers import Peer
from benchmarks.rounds import Measured, Table, take_turns
from benchmarks.tracing import instructions_per_invoke, system_calls_per_invoke


def modules(_: float) -> Table:
    def measure(peer: Peer) -> Measured:
        with running_child(peer.argv("modules")) as child:
            child.api.invoke(EVENT)
            return {"modules": float(child.api.answer)}

    return take_turns(peers.DROP_INS, measure, rounds=1)


def system_calls(_: float) -> Table:
    def measure(peer: Peer) -> Measured:
        return {"system calls": system_calls_per_invoke(peer.argv("bare"), EVENT)}

    return take_turns((*peers.RUNTIMES, peers.LEAST), measure, rounds=1)


def instructions(_: float) -> Table:
    def measure(peer: Peer) -> Measured:
        return {"thousand instructions": instructions_per_invoke(peer.argv("bare"), EVENT) / 1e3}

    return take_turns((*peers.DROP_INS, peers.LEAST), measure, rounds=1)
