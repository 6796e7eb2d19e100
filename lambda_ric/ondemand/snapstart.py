"""SnapStart: hooks before the snapshot and after the restore.

Source: "Lambda SnapStart runtime hooks" in the AWS Lambda developer guide, and the order and exit
codes of AWS's runtime interface client.
"""

from __future__ import annotations

import sys

from lambda_ric.ondemand.report import explain
from lambda_ric.runtime import doors
from lambda_ric.sdk import hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from lambda_ric.runtime.loop import Runtime

BEFORE_SNAPSHOT_ERROR = "Runtime.BeforeSnapshotError"
AFTER_RESTORE_ERROR = "Runtime.AfterRestoreError"
BEFORE_SNAPSHOT_EXIT = 64
AFTER_RESTORE_EXIT = 65


def run(runtime: Runtime) -> None:
    """Run the hooks around the snapshot; return once this process runs from it.

    Exits with 64 if a step before the snapshot fails, and with 65 if a step after it fails. In
    both cases the error is logged and sent.
    """
    try:
        before = hooks.snapshot_registry.get_before_snapshot()
        while before:
            _call(runtime, *before.pop())
        runtime.api.wait_for_restore()
    except BaseException as error:
        runtime.fail_init(explain(error), BEFORE_SNAPSHOT_ERROR)
        sys.exit(BEFORE_SNAPSHOT_EXIT)
    try:
        _reseed()
        for hook in hooks.snapshot_registry.get_after_restore():
            _call(runtime, *hook)
    except BaseException as error:
        report = explain(error)
        report.log(runtime.settings, runtime.sink, "")
        runtime.api.fail_restore(AFTER_RESTORE_ERROR, report.body(""))
        sys.exit(AFTER_RESTORE_EXIT)


def _call(
    runtime: Runtime, hook: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    result = hook(*arguments, **named)
    if hasattr(type(result), "__await__"):
        doors.event_loop(runtime).run(result, 0)


def _reseed() -> None:
    """Let the copies made from one snapshot draw different random numbers."""
    random = sys.modules.get("random")
    if random is not None:
        random.seed()
