"""SnapStart: hooks, the wait for the restore, and the errors of both."""

from __future__ import annotations

from typing import Any

from lambda_ric.testing import Event
from tests.parity.scenario import JSON_LOGS, PYTHON_3_12, START, Scenario, excuse

SNAP_START = {**PYTHON_3_12, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
HANDLERS = ["hooks", "without_hooks", "before_fails", "after_fails", "before_exits", "after_exits"]
IN_A_HOOK = {START: excuse("own-frames", "posts", "stdout")}


def _scenario(handler: str, name: str = "", **more: Any) -> Scenario:
    fails = handler.endswith(("fails", "exits"))
    fields = {"environ": SNAP_START, "differs": IN_A_HOOK if fails else {}, **more}
    events = {"event": Event()}
    return Scenario(f"snapshot {handler}{name}", f"snapshots/{handler}.handler", events, **fields)


SCENARIOS = [
    *[_scenario(handler) for handler in HANDLERS],
    _scenario("before_fails", " in JSON", environ={**SNAP_START, **JSON_LOGS}),
    _scenario(
        "after_fails",
        " framed",
        framed=True,
        differs={START: excuse("own-frames", "posts", "frames")},
    ),
    _scenario("missing"),
    _scenario(
        "hooks",
        " on demand",
        environ={**PYTHON_3_12, "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand"},
    ),
    _scenario(
        "before_fails",
        " answered 500",
        posts=[500],
        differs={START: excuse("runtime-api-failure", "posts", "stdout", "stderr")},
    ),
]
