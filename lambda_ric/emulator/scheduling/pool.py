"""When a function gets one more execution environment: a question of numbers alone."""

from __future__ import annotations

from enum import Enum


class Choice(Enum):
    """What becomes of an invoke that has just arrived."""

    REUSE = "reuse"  # an environment waits for it
    SPAWN = "spawn"  # it waits for a new environment
    QUEUE = "queue"  # it waits for one that is there, or on its way
    THROTTLE = "throttle"  # it is refused, as Lambda does at the limit


def choose(
    *, idle: int, starting: int, alive: int, waiting: int, limit: int, throttle: bool
) -> Choice:
    """Choose for one invoke.

    `idle` environments wait for work, `starting` ones will soon; they are among those `alive`.
    `waiting` invokes came before this one. `limit` is the most environments there may be.
    """
    if idle:
        return Choice.REUSE
    if starting > waiting:
        return Choice.QUEUE
    if alive < limit:
        return Choice.SPAWN
    return Choice.THROTTLE if throttle else Choice.QUEUE
