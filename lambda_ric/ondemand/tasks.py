"""Protection from awaitables that take too long, cancel themselves, or exit."""

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
    """The handler raised its own cancellation; the process must survive it."""


async def with_deadline(awaitable: Awaitable[Any], remaining_ms: int) -> Any:
    """Await something, and cancel it shortly before the time is over, if any time is left.

    In that case it raises a Fault, DEADLINE_EXCEEDED. It turns asyncio's CancelledError into the
    one of this module, which is an Exception.
    """
    expired = False
    task = asyncio.current_task()

    def expire() -> None:
        nonlocal expired
        expired = True
        if task is not None:  # pragma: no branch - a coroutine runs in a task
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

    As exceptions of a task they would stop the event loop, and the waiting caller would hang.
    """
    try:
        return await coroutine
    except (SystemExit, KeyboardInterrupt) as error:
        return _Exit(error)


def reraise_exit(result: Any) -> Any:
    """Return a result of `capture_exit`, or raise the exception in it."""
    if isinstance(result, _Exit):
        raise result.error
    return result
