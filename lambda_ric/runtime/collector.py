"""Keeps Python's garbage collector away from the objects that the start makes.

Almost nothing that an import makes ever becomes garbage, and yet each collection scans all of it:
while the function loads, and in every full collection later, which stops the function for 100 ms
and more. So collections are postponed while the handler's module is imported. The objects that
exist then are frozen: later collections skip them. See docs/cold-start.md.
"""

from __future__ import annotations

import gc

PAUSED = 1_000_003
"""The threshold of the youngest generation while the function loads.

No import comes near that many objects. A start that drops millions of objects is still collected,
so memory stays bounded. `resume` recognizes the number, and its multiples, because it is a prime.
"""


def pause() -> int:
    """Postpone collections, and return the threshold that `resume` needs.

    The threshold is raised, rather than the collector switched off, so that the function's own
    `gc.disable()` or `gc.set_threshold()` can be recognized and kept.
    """
    if not hasattr(gc, "freeze"):  # pragma: no cover - CPython has it
        return 0  # PyPy, whose collector works differently
    usual, *others = gc.get_threshold()
    if 0 < usual < PAUSED:
        gc.set_threshold(PAUSED, *others)
    return usual


def resume(usual: int, *, collect: bool) -> None:
    """Freeze all objects, and resume collections with the settings of the function's code.

    A threshold that the function has set stays. If it is a multiple of the raised threshold, it
    becomes the same multiple of the usual one. `collect` frees garbage first, which is worth its
    time before a snapshot.
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
