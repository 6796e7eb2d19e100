"""Peers take turns: A B C, B C A, … and each figure is a median with its quartiles.

The ratio to our own figure is taken within each round, where both met the same machine, and then
its median over the rounds.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

Measured = dict[str, float]
"""What one run of one peer gave: a value for each metric."""


@dataclass(frozen=True)
class Figure:
    """One metric of one peer: the median, half of all values lie from `low` to `high`."""

    median: float
    low: float
    high: float
    ratio: float
    """Ours divided by this peer's: below 1 where ours costs less."""


Table = dict[str, dict[str, Figure]]
"""Figures by metric and by the name of the peer."""


class Named(Protocol):
    """A peer, or a way of one to serve."""

    @property
    def name(self) -> str: ...


AnyPeer = TypeVar("AnyPeer", bound=Named)


def take_turns(
    peers: Sequence[AnyPeer], measure: Callable[[AnyPeer], Measured], rounds: int
) -> Table:
    """Measure each peer once a round; the first peer is ours.

    A round before the first warms up and is not counted, but for a single round, which counts.
    """
    warm_up = int(rounds > 1)
    results: dict[str, list[Measured]] = {peer.name: [] for peer in peers}
    for turn in range(-warm_up, rounds):
        shift = turn % len(peers)
        for peer in [*peers[shift:], *peers[:shift]]:
            measured = measure(peer)
            if turn >= 0:
                results[peer.name].append(measured)
    ours = results[peers[0].name]
    return {
        metric: {name: _figure(metric, theirs, ours) for name, theirs in results.items()}
        for metric in ours[0]
    }


def rounds(full: int, scale: float) -> int:
    """Return how many rounds to do: three or more, for a scale of 0 only one."""
    return max(3, round(full * scale)) if scale else 1


def _figure(metric: str, theirs: list[Measured], ours: list[Measured]) -> Figure:
    values = [measured[metric] for measured in theirs]
    low, median, high = quartiles(values)
    ratios = [ours[turn][metric] / value if value else 1.0 for turn, value in enumerate(values)]
    return Figure(median, low, high, statistics.median(ratios))


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the quartiles; of a single value, that value."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, median, high
