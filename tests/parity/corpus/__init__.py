"""The corpus, one module a topic; each lists its SCENARIOS."""

from __future__ import annotations

from tests.parity.corpus import (
    contexts,
    errors,
    events,
    exits,
    handler_strings,
    logs,
    results,
    seams,
    snapshots,
    streams,
)

INDEPENDENT = (handler_strings, logs)
"""Topics in which Python's version plays no part, though its texts of errors may differ."""

SCENARIOS = [
    scenario
    for topic in (*INDEPENDENT, contexts, events, results, errors, streams, exits, snapshots, seams)
    for scenario in topic.SCENARIOS
]

NAMES_OF_INDEPENDENT = {scenario.name for topic in INDEPENDENT for scenario in topic.SCENARIOS}

NAMES_OF_MEASURED = {
    *(scenario.name for scenario in seams.SCENARIOS),
    "client context",
    "error: surrogate",
    "identity",
    "init error answered 200",
    "large event",
    "output",
    "trace id",
}
"""Scenarios in which our process takes a branch that it takes in no other test."""
