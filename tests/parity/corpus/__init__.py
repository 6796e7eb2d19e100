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

SCENARIOS = [
    scenario
    for topic in (
        handler_strings,
        events,
        results,
        errors,
        logs,
        contexts,
        streams,
        exits,
        snapshots,
        seams,
    )
    for scenario in topic.SCENARIOS
]
