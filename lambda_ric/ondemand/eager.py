"""Coroutines that seldom wait: they run at once, not in the next turn of the event loop.

Source: "Eager Task Factory" in the documentation of asyncio, for Python 3.12 and newer.
"""

from __future__ import annotations

import asyncio
import sys

from lambda_ric.ondemand.tasks import Deadline, capture_exit, reraise_exit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Any


def can_run(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether tasks of this loop can start at once; the user may make tasks another way."""
    return sys.version_info >= (3, 12) and loop.get_task_factory() is None


def run(
    loop: asyncio.AbstractEventLoop, awaitable: Awaitable[Any], remaining_ms: int
) -> tuple[Any, bool]:
    """Run a loop until something is awaited. Raises what `Deadline.limit` raises.

    Returns the result, and whether it may have left tasks behind. A timer is set only once the
    awaitable has to wait: nothing else could be cancelled by it.
    """
    deadline = Deadline(loop, remaining_ms)
    task: asyncio.Task[Any] | None = None
    left = True

    def start() -> None:
        nonlocal task, left
        task = asyncio.Task(capture_exit(deadline.limit(awaitable)), loop=loop, eager_start=True)
        if not task.done():
            deadline.watch(task)
            task.add_done_callback(stop)
        elif asyncio.all_tasks(loop):
            loop.call_soon(loop.stop)  # after they have begun, and may have ended
        else:
            left = False
            loop.stop()

    def stop(_: asyncio.Task[Any]) -> None:
        loop.stop()

    loop.call_soon(start)
    try:
        loop.run_forever()
    finally:
        if task is not None:
            task.remove_done_callback(stop)  # whoever uses the loop next must not be stopped
    if task is None or not task.done():
        raise RuntimeError("the handler stopped the event loop before it had finished")
    return reraise_exit(task.result()), left
