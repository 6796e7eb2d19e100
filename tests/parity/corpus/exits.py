"""Ends of the process within an invocation, and answers of the Runtime API that end it."""

from __future__ import annotations

from lambda_ric.testing import Event
from tests.parity.scenario import PYTHON_3_12, START, Scenario, excuse, functions_of

LIVES = Event("ok")
POSTS = (("result", "app.handler"), ("error", "failures.handler"))


def _refused(what: str, handler: str, status: int) -> Scenario:
    """A post that is refused with that status, and one more event."""
    refused = {what: excuse("runtime-api-failure", "stdout", "stderr")}
    if what == "result" and status == 413:
        too_large = excuse("response-too-large", "exit code", "stdout", "stderr")
        refused = {what: too_large, "next": excuse("response-too-large", "exit code")}
    return Scenario(
        f"{what} answered {status}",
        handler,
        {what: Event("value_error"), "next": Event("value_error")},
        PYTHON_3_12,
        refused,
        posts=[status],
    )


def _accepted(what: str, handler: str) -> Scenario:
    """Posts that are answered in all ways that let the runtime go on."""
    statuses = [200, 204, 299]
    cases = {f"answered {status}": Event("value_error") for status in statuses}
    cases["next"] = Event("value_error")
    return Scenario(f"{what} accepted", handler, cases, PYTHON_3_12, posts=statuses)


SCENARIOS = [
    *[
        Scenario(f"end by {name}", "exits.handler", {name: event, "next": LIVES}, PYTHON_3_12)
        for name, event in functions_of("exits.py").items()
    ],
    *[_accepted(what, handler) for what, handler in POSTS],
    *[
        _refused(what, handler, status)
        for what, handler in POSTS
        for status in (400, 403, 410, 413, 500)
    ],
    *[
        Scenario(
            f"init error answered {status}",
            "app.missing",
            {},
            PYTHON_3_12,
            {START: excuse("runtime-api-failure", "stderr")},
            posts=[status],
        )
        for status in (200, 403, 500)
    ],
]
