"""Hooks that run in the parent of the worker processes, before it forks them."""

from __future__ import annotations

import asyncio
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
                asyncio.run(_wait_for(result))  # on a loop that ends here: no worker inherits it
    except BaseException as error:
        runtime.fail_init(explain(error), PRE_FORK_ERROR)
        sys.exit(1)


async def _wait_for(result: Awaitable[Any]) -> Any:
    return await result
