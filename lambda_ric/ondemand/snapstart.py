"""SnapStart: hooks before the snapshot and after the restore.

Source: "Lambda SnapStart runtime hooks" in the AWS Lambda developer guide, and the order and exit
codes of AWS's runtime interface client.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from lambda_ric.ondemand.report import explain

if TYPE_CHECKING:
    from collections.abc import Callable

    from lambda_ric.ondemand.report import Report
    from lambda_ric.runtime.loop import Runtime

    Hook = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
    Function = TypeVar("Function", bound=Callable[[], Any])

BEFORE_SNAPSHOT_ERROR = "Runtime.BeforeSnapshotError"
AFTER_RESTORE_ERROR = "Runtime.AfterRestoreError"
BEFORE_SNAPSHOT_EXIT = 64
AFTER_RESTORE_EXIT = 65


class _Registry:
    """Keeps the hooks where AWS's package `snapshot_restore_py` is not installed."""

    def __init__(self) -> None:
        before: list[Hook] = []
        after: list[Hook] = []
        self.get_before_snapshot = lambda: before
        self.get_after_restore = lambda: after
        self.register_before_snapshot = lambda hook: before.append((hook, (), {}))
        self.register_after_restore = lambda hook: after.append((hook, (), {}))


def _find_registry() -> Any:
    try:
        # Hooks registered with AWS's package and with ours then keep one order.
        return import_module("snapshot_restore_py")
    except ImportError:
        return _Registry()


_registry = _find_registry()


def before_snapshot(hook: Function) -> Function:
    """Run a function before Lambda takes the snapshot: the last one registered runs first.

    Use it to close connections and to drop what must not be the same in every copy.
    """
    _registry.register_before_snapshot(hook)
    return hook


def after_restore(hook: Function) -> Function:
    """Run a function after a restore, before the first invocation: in order of registration.

    Use it to open connections, and to fetch credentials and secrets again. All hooks together have
    ten seconds.
    """
    _registry.register_after_restore(hook)
    return hook


def run(runtime: Runtime) -> None:
    """Run the hooks around the snapshot; return once this process runs from it.

    Exits with 64 when what comes before the snapshot fails, and with 65 when what comes after it
    does: either way the error is logged and sent.
    """
    try:
        hooks = _registry.get_before_snapshot()
        while hooks:
            _call(*hooks.pop())
        runtime.api.wait_for_restore()
    except BaseException as error:
        report = _log(runtime, error)
        runtime.api.fail_init(BEFORE_SNAPSHOT_ERROR, report.body(""))
        sys.exit(BEFORE_SNAPSHOT_EXIT)
    try:
        _reseed()
        for hook in _registry.get_after_restore():
            _call(*hook)
    except BaseException as error:
        report = _log(runtime, error)
        runtime.api.fail_restore(AFTER_RESTORE_ERROR, report.body(""))
        sys.exit(AFTER_RESTORE_EXIT)


def _call(hook: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    hook(*arguments, **named)


def _reseed() -> None:
    """Let the copies made from one snapshot draw different random numbers."""
    random = sys.modules.get("random")
    if random is not None:
        random.seed()


def _log(runtime: Runtime, error: BaseException) -> Report:
    report = explain(error)
    report.log(runtime.settings, runtime.sink, "")
    return report
