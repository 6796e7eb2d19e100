"""Keeps Python's garbage collector away from what the start makes.

Almost nothing that an import makes is ever garbage, and yet each collection looks at all of it:
while the function loads, and in every full collection later, which stops the function for 100 ms
and more. So collections wait while the handler's module is imported, and what is there then is
frozen: later collections do not look at it. See docs/cold-start.md.
"""

from __future__ import annotations

import gc

PAUSED = 1_000_003
"""The threshold of the youngest generation while the function loads.

No import comes near that many objects. A start that leaves millions of dead ones still has its
collections, so memory stays bounded. It is a prime, by which `resume` knows it again.
"""


def pause() -> int:
    """Let collections wait, and return the threshold that `resume` needs.

    The threshold is raised, and the collector not switched off: so a `gc.disable()` or
    `gc.set_threshold()` of the function's own can be told apart, and holds.
    """
    if not hasattr(gc, "freeze"):  # pragma: no cover - CPython has it
        return 0  # PyPy, whose collector works differently
    usual, *others = gc.get_threshold()
    if 0 < usual < PAUSED:
        gc.set_threshold(PAUSED, *others)
    return usual


def resume(usual: int, *, collect: bool) -> None:
    """Freeze what is there, and let collections go on as the function's code has left them.

    A threshold that the function has set stays; one that it has derived from the raised one is
    derived from the usual one. `collect` frees what is dead before: worth its time when a snapshot
    is taken of the process.
    """
    if not usual:
        return
    if collect:
        gc.collect()
    gc.freeze()
    current, *others = gc.get_threshold()
    factor, rest = divmod(current, PAUSED)
    if factor and not rest:
        gc.set_threshold(usual * factor, *others)
