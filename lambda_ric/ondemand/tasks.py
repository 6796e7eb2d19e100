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


class Deadline:
    """The time at which a task is cancelled, shortly before its invocation must end.

    Past deadlines are ignored; some emulators send them.
    """

    __slots__ = ("_expired", "_loop", "_timer", "_when")

    def __init__(self, loop: asyncio.AbstractEventLoop, remaining_ms: int) -> None:
        seconds = (remaining_ms - DEADLINE_MARGIN_MS) / 1000
        self._when = loop.time() + seconds if seconds > 0 else None
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._expired = False

    def watch(self, task: asyncio.Task[Any]) -> None:
        """Cancel a task, which runs `limit`, when its time is over."""
        if self._when is not None:
            self._timer = self._loop.call_at(self._when, self._expire, task)

    async def limit(self, awaitable: Awaitable[Any]) -> Any:
        """Await something. Raises a Fault, DEADLINE_EXCEEDED, when its time was over.

        It turns asyncio's CancelledError into the one of this module, which is an Exception.
        """
        try:
            return await awaitable
        except asyncio.CancelledError as error:
            if self._expired:
                message = f"the handler was cancelled {DEADLINE_MARGIN_MS} ms before its deadline"
                raise Fault(DEADLINE_EXCEEDED, message) from error
            raise CancelledError(*error.args).with_traceback(error.__traceback__) from error
        finally:
            if self._timer is not None:
                self._timer.cancel()

    def _expire(self, task: asyncio.Task[Any]) -> None:
        self._expired = True
        task.cancel()


async def with_deadline(awaitable: Awaitable[Any], remaining_ms: int) -> Any:
    """Await something in the current task, with a deadline. Raises what `limit` raises."""
    deadline = Deadline(asyncio.get_running_loop(), remaining_ms)
    task = asyncio.current_task()
    if task is not None:  # pragma: no branch - a coroutine runs in a task
        deadline.watch(task)
    return await deadline.limit(awaitable)


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
