"""Hooks that run in the parent of the worker processes, before it forks them."""

from __future__ import annotations

import sys

from lambda_ric.ondemand.report import explain
from lambda_ric.sdk import hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Any

    from lambda_ric.runtime.loop import Runtime

PRE_FORK_ERROR = "Runtime.PreForkError"


def run_fork_hooks(runtime: Runtime) -> None:
    """Run the hooks in order of registration.

    Exits with 1 when one of them fails: the error is logged and sent, and the others do not run.
    """
    try:
        for hook in hooks.fork_hooks:
            result = hook()
            if hasattr(type(result), "__await__"):
                _run(result)
    except BaseException as error:
        runtime.fail_init(explain(error), PRE_FORK_ERROR)
        sys.exit(1)


def _run(result: Awaitable[Any]) -> None:
    """Wait for a coroutine on an event loop that ends here, so that no worker inherits it."""
    import asyncio  # noqa: PLC0415 (no other hook needs it, and it takes half of the start)

    asyncio.run(_wait_for(result))


async def _wait_for(result: Awaitable[Any]) -> Any:
    return await result
