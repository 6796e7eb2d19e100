"""What an awaitable may do to the task that awaits it: take too long, cancel itself, exit."""

from __future__ import annotations

import asyncio

from lambda_ric.runtime.errors import DEADLINE_EXCEEDED, Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine
    from typing import Any

DEADLINE_MARGIN_MS = 100
"""Time before the deadline at which a handler is cancelled, so that its error can be sent."""


class CancelledError(Exception):
    """The handler let a cancellation pass that was its own; the process must outlive it."""


async def with_deadline(awaitable: Awaitable[Any], remaining_ms: int) -> Any:
    """Await something, and cancel it shortly before the time is over, if there is any left.

    Raises a Fault then, DEADLINE_EXCEEDED, and for asyncio's CancelledError the one of this
    module, which is an Exception.
    """
    expired = False
    task = asyncio.current_task()

    def expire() -> None:
        nonlocal expired
        expired = True
        if task is not None:
            task.cancel()

    seconds = (remaining_ms - DEADLINE_MARGIN_MS) / 1000
    timer = asyncio.get_running_loop().call_later(seconds, expire) if seconds > 0 else None
    try:
        return await awaitable
    except asyncio.CancelledError as error:
        if expired:
            message = f"the handler was cancelled {DEADLINE_MARGIN_MS} ms before its deadline"
            raise Fault(DEADLINE_EXCEEDED, message) from error
        raise CancelledError(*error.args).with_traceback(error.__traceback__) from error
    finally:
        if timer is not None:
            timer.cancel()


class _Exit:
    """The exception by which a coroutine ends the process."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


async def capture_exit(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Await a coroutine; SystemExit and KeyboardInterrupt become a result, for `reraise_exit`.

    As exceptions of a task they would stop the event loop, and whoever waits would never know.
    """
    try:
        return await coroutine
    except (SystemExit, KeyboardInterrupt) as error:
        return _Exit(error)


def reraise_exit(result: Any) -> Any:
    """Return a result of `capture_exit`, or raise what it holds."""
    if isinstance(result, _Exit):
        raise result.error
    return result
