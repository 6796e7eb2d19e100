"""From the handler string to the function, and what happens when there is none."""

from __future__ import annotations

import sys
from typing import Any

from lambda_ric.testing import Event
from tests.parity.scenario import JSON_LOGS, PYTHON_3_12, START, Scenario, excuse

EVENT = {"event": Event({"a": 1})}

FOUND = [
    "app.handler",
    "nested/deep/app.handler",
    "nested.deep.app.handler",
    "nested/deep.app.handler",
    "app.instance",
    "app.bound",
    "app.Class",
    "app.partial_handler",
    "app.anonymous",
    "app.defaults",
    "app.everything",
    "app.dynamic",
    "app.not_callable",
    "app.nothing",
    "app.takes_one",
    "json.dumps",
    "json.JSONEncoder",
    "init.talks.handler",
]

NOT_FOUND = [
    "app",
    "",
    ".",
    "app.",
    ".handler",
    "..handler",
    "/app.handler",
    "./app.handler",
    "../app.handler",
    " app.handler",
    "app.handler ",
    "app.missing",
    "app.explosive",
    "app.Class.method",
    "missing.handler",
    "missing/deep.handler",
    "nested.handler",
    "ünï.handler",
    "a b.handler",
    "time.handler",
    "sys.handler",
    "sys/deep.handler",
    "sys.deep.handler",
    "builtins.print",
    "init.syntax.handler",
    "init/syntax.handler",
    "init.indentation.handler",
    "init.tabs.handler",
    "init.not_utf8.handler",
    "init.nul.handler",
    "init.value_error.handler",
    "init.empty_message.handler",
    "init.chained.handler",
    "init.needs_missing.handler",
    "init.import_error.handler",
    "init.wrong_name.handler",
    "init.recursion.handler",
    "init.multiline.handler",
    "init.notes.handler",
    "init.fails_after_logging_setup.handler",
]

ENDED = [
    "init.system_exit.handler",
    "init.system_exit_text.handler",
    "init.system_exit_zero.handler",
    "init.interrupt.handler",
    "init.hard_exit.handler",
    "init.base_exception.handler",
]

OWN_FRAMES = excuse("own-frames", "posts", "headers", "stdout")
MORE_IN_THE_LOG = excuse("related-exceptions", "stdout")

EVENT_DIFFERS = dict.fromkeys(
    ["app.not_callable", "app.nothing", "app.takes_one", "json.dumps", "json.JSONEncoder"],
    OWN_FRAMES,
)
START_DIFFERS = {
    "": excuse("handler-from-environment", "posts", "headers", "stdout", "stderr"),
    "ünï.handler": excuse("init-error-in-utf-8", "posts"),
    "init.multiline.handler": excuse("init-error-in-utf-8", "posts", "headers", "stderr"),
    "init.recursion.handler": excuse("stack-depth", "posts", "stdout"),
    "init.chained.handler": MORE_IN_THE_LOG,
    "init.needs_missing.handler": MORE_IN_THE_LOG,
    "init.import_error.handler": MORE_IN_THE_LOG,
    "init.wrong_name.handler": MORE_IN_THE_LOG,
}
if sys.version_info >= (3, 11):
    START_DIFFERS["init.notes.handler"] = MORE_IN_THE_LOG
if sys.version_info >= (3, 14):  # shows the line that is no UTF-8, with U+FFFD in it
    START_DIFFERS["init.not_utf8.handler"] = START_DIFFERS["init.multiline.handler"]


def _scenario(handler: str, name: str = "", **more: Any) -> Scenario:
    differs = {}
    if handler in EVENT_DIFFERS:
        differs["event"] = EVENT_DIFFERS[handler]
    if handler in START_DIFFERS:
        differs[START] = START_DIFFERS[handler]
    return Scenario(
        f"handler {handler!r}{name}",
        handler,
        EVENT,
        **{"environ": PYTHON_3_12, "differs": differs, **more},
    )


PREVIEW = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.15"}

SCENARIOS = [
    *[_scenario(handler) for handler in (*FOUND, *NOT_FOUND, *ENDED)],
    _scenario("init.value_error.handler", " as JSON", environ={**PYTHON_3_12, **JSON_LOGS}),
    _scenario("init.talks.handler", " as JSON", environ={**PYTHON_3_12, **JSON_LOGS}),
    _scenario("init.multiline.handler", " framed", framed=True),
    _scenario("init.value_error.handler", " framed", framed=True),
    _scenario(
        "init.value_error.handler",
        " framed as JSON",
        framed=True,
        environ={**PYTHON_3_12, **JSON_LOGS},
    ),
    _scenario("init.talks.handler", " framed", framed=True),
    _scenario(
        "init.value_error.handler",
        " at level ERROR",
        environ={**PYTHON_3_12, "AWS_LAMBDA_LOG_LEVEL": "ERROR"},
    ),
    _scenario("app.handler", " of a preview", environ=PREVIEW),
    _scenario("app.handler", " of a preview in China", environ={**PREVIEW, "AWS_REGION": "cn-x"}),
    _scenario(
        "app.handler",
        " of a preview, unwarned",
        environ={**PREVIEW, "LAMBDA_DISABLE_PREVIEW_WARN": "1"},
    ),
    _scenario("app.missing", " of a preview as JSON", environ={**PREVIEW, **JSON_LOGS}),
]
