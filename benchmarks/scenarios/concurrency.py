"""Memory of one execution environment that has served several invocations at once.

All its processes are added up, pages that they share being counted once (the proportional set size
of /proc/PID/smaps_rollup), after each loop has served an invocation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks import peers
from benchmarks.child import ENVIRONMENT, running_child
from benchmarks.events import EVENT
from benchmarks.peers import Peer
from benchmarks.rounds import Measured, Table, rounds, take_turns

AT_ONCE = 16
"""What Lambda Managed Instances send a Python function with one virtual CPU, unless told."""


@dataclass(frozen=True)
class Mode:
    """A way of a peer to serve several invocations at once."""

    name: str
    peer: Peer
    asked_for: str = ""
    """AWS_LAMBDA_CONCURRENCY_MODE; empty for what is chosen without it."""
    is_async: bool = False


MODES = (
    Mode("lambda-ric, async", peers.OURS, is_async=True),
    Mode("lambda-ric, threads", peers.OURS, "thread"),
    Mode("lambda-ric, hybrid", peers.OURS, "hybrid"),
    Mode("lambda-ric, processes", peers.OURS, "process"),
    Mode("awslambdaric, processes", peers.AWSLAMBDARIC),
)


def memory_with(function: str) -> Callable[[float], Table]:
    """Return the scenario of a function, which has an async twin."""

    def measure(mode: Mode) -> Measured:
        module = f"{function}_async" if mode.is_async else function
        environment = ENVIRONMENT | {"AWS_LAMBDA_MAX_CONCURRENCY": str(AT_ONCE)}
        if mode.asked_for:
            environment["AWS_LAMBDA_CONCURRENCY_MODE"] = mode.asked_for
        with running_child(mode.peer.argv(module), environment=environment) as child:
            child.api.invoke_at_once(EVENT, AT_ONCE)
            return {"memory MB": child.share_of_memory() / 1e6}

    return lambda scale: take_turns(MODES, measure, rounds(5, scale))
