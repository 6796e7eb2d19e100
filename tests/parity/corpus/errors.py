"""Errors of the handler: the posted body, the X-Ray cause, the log."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from lambda_ric.testing import Event
from tests.parity.scenario import (
    JSON_LOGS,
    PYTHON_3_12,
    Scenario,
    excuse,
    functions_of,
    named,
)

FAILURES = functions_of("failures.py", "helper")
CRASHES = {name: FAILURES.pop(name) for name in ("surrogate", "text_raises", "text_of_other")}
"""What ends awslambdaric's process, so that nothing could follow it in one scenario."""

MORE_IN_THE_LOG = ["cause", "context"]
if sys.version_info >= (3, 11):
    MORE_IN_THE_LOG += ["noted", "group"]
else:
    del FAILURES["group"]


def _log(
    name: str, environ: Mapping[str, str] = PYTHON_3_12, framed: bool = False
) -> list[Scenario]:
    """All failures under one kind of log."""
    log = "frames" if framed else "stdout"
    related = dict.fromkeys(MORE_IN_THE_LOG, excuse("related-exceptions", log))
    deep = {"recursion": excuse("stack-depth", "posts", "headers", log)}
    crash = ("exit code", "posts", "headers", "stderr", log)
    rows = {"surrogate": "lone-surrogate"}
    return [
        Scenario(name, "failures.handler", FAILURES, environ, related | deep, framed),
        *[
            Scenario(
                f"{name}: {failure}",
                "failures.handler",
                {failure: event},
                environ,
                {failure: excuse(rows.get(failure, "unprintable-exception"), *crash)},
                framed,
            )
            for failure, event in CRASHES.items()
        ],
    ]


SCENARIOS = [
    *_log("error"),
    *_log("error in JSON", {**PYTHON_3_12, **JSON_LOGS}),
    *_log("error framed", framed=True),
    *_log("error framed in JSON", {**PYTHON_3_12, **JSON_LOGS}, framed=True),
    Scenario(
        "error in ASCII",
        "failures.handler",
        named("unicode", "value_error"),
        differs={"unicode": excuse("raw-utf-8", "posts", "headers")},
    ),
    Scenario(
        "error in a file named bootstrap",
        "bootstrap_named/bootstrap.handler",
        named("same file only", "and another"),
        PYTHON_3_12,
        dict.fromkeys(
            ["same file only", "and another"],
            excuse("own-frames", "posts", "headers", "stdout"),
        ),
    ),
    Scenario(
        "error with an invocation id",
        "failures.handler",
        {
            "given": Event("value_error", {"Lambda-Runtime-Invocation-Id": "attempt-1"}),
            "empty": Event("value_error", {"Lambda-Runtime-Invocation-Id": ""}),
        },
    ),
    Scenario(
        "result with an invocation id",
        "app.handler",
        {
            "given": Event(1, {"Lambda-Runtime-Invocation-Id": "attempt-1"}),
            "then none": Event(2),
            "empty": Event(3, {"Lambda-Runtime-Invocation-Id": ""}),
        },
    ),
]
