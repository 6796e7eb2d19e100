"""Hooks that the user registers for certain moments, and the decorators that register them.

Registering loads only this module; `ondemand.snapstart` and `ondemand.shutdown` call the hooks.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Hook = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
    Function = TypeVar("Function", bound=Callable[[], Any])


class _Registry:
    """Keeps snapshot hooks if AWS's package `snapshot_restore_py` is not installed."""

    def __init__(self) -> None:
        before: list[Hook] = []
        after: list[Hook] = []
        self.get_before_snapshot = lambda: before
        self.get_after_restore = lambda: after
        self.register_before_snapshot = lambda hook: before.append((hook, (), {}))
        self.register_after_restore = lambda hook: after.append((hook, (), {}))


def _find_snapshot_registry() -> Any:
    try:
        # Hooks registered with AWS's package and with ours then share one order.
        return import_module("snapshot_restore_py")
    except ImportError:
        return _Registry()


snapshot_registry = _find_snapshot_registry()
shutdown_hooks: list[Callable[[], Any]] = []
fork_hooks: list[Callable[[], Any]] = []


def before_snapshot(hook: Function) -> Function:
    """Run a function before Lambda takes the snapshot: the last one registered runs first.

    Use it to close connections and to drop values that must differ between copies. It may be
    `async def`. (Source: "Lambda SnapStart runtime hooks" in the AWS Lambda developer guide.)
    """
    snapshot_registry.register_before_snapshot(hook)
    return hook


def after_restore(hook: Function) -> Function:
    """Run a function after a restore, before the first invocation: in order of registration.

    Use it to open connections, and to fetch credentials and secrets again. All hooks together
    have ten seconds. It may be `async def`.
    """
    snapshot_registry.register_after_restore(hook)
    return hook


def on_shutdown(hook: Function) -> Function:
    """Run a function when Lambda shuts the execution environment down: the last one first.

    Lambda says so (by SIGTERM) only to functions with an extension, so registering a hook makes the
    runtime register an internal extension. All hooks together have about 500 ms. It may be
    `async def`. (Source: "Shutdown phase" in the AWS Lambda developer guide.)
    """
    shutdown_hooks.append(hook)
    return hook


def before_fork(hook: Function) -> Function:
    """Run a function before worker processes are forked: in order of registration.

    Use it for what all of them share, such as a model server. It runs once, in their parent, after
    the function's module was imported there, and only with AWS_LAMBDA_MAX_CONCURRENCY, where
    workers are processes. It may be `async def`. An error of a hook ends the initialization: no
    worker starts. Hooks registered by `awslambdaric.lambda_concurrency_hooks` count as these.
    """
    fork_hooks.append(hook)
    return hook
