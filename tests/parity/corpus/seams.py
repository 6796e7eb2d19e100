"""What tools look up and replace in AWS's client is there, and is called as often and in order."""

from __future__ import annotations

from dataclasses import replace

from tests.parity.corpus import contexts, errors, events, exits, logs, results, snapshots
from tests.parity.scenario import PYTHON_3_12, Scenario, named

THROUGH_THE_SEAMS = {
    "event",
    "content type",
    "result",
    "error",
    "error in JSON",
    "error framed",
    "error: text_raises",
    "error with an invocation id",
    "log in JSON",
    "context",
    "context.log framed",
    "client context",
    "identity",
    "end by exit_3",
    "result answered 413",
    "error answered 500",
    "snapshot before_fails",
}
"""Scenarios that also run with a handler which AWS's `_get_handler` finds."""

REPLACED = named("fields", "error", "fault", "end")

SCENARIOS = [
    *[
        replace(
            scenario,
            name=f"{scenario.name}, through the seams",
            handler="seamed.handler",
            environ={**scenario.environ, "ORIGINAL_HANDLER": scenario.handler},
        )
        for topic in (events, results, errors, logs, contexts, exits, snapshots)
        for scenario in topic.SCENARIOS
        if scenario.name in THROUGH_THE_SEAMS
    ],
    Scenario("replaced", "replaced.handler", REPLACED, PYTHON_3_12),
    Scenario("replaced late", "replaced.handler", REPLACED, {**PYTHON_3_12, "REPLACE": "late"}),
    Scenario("init error replaced", "replaced.handler", {}, {**PYTHON_3_12, "FAIL_INIT": "1"}),
]
