"""Leaves the collector alone, and drops a cycle while it loads."""

import gc
import weakref

finalized = []


class Node:
    """Refers to itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


dropped = Node()
weakref.finalize(dropped, finalized.append, "dropped at the start")
del dropped
count = sum(generation["collections"] for generation in gc.get_stats())
made = [[] for _ in range(10_000)]
collections = sum(generation["collections"] for generation in gc.get_stats()) - count


def handler(event, context):
    if event == "collect":
        gc.collect()
    if event == "drop":
        Node()
        return gc.collect()
    return {
        "while loading": collections,
        "enabled": gc.isenabled(),
        "threshold": gc.get_threshold(),
        "frozen": gc.get_freeze_count() > len(made),
        "finalized": finalized,
    }
