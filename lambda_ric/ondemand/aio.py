"""Async handlers: one event loop for the life of the process.

Connection pools and clients that belong to a loop thus survive from one invocation to the next.
The loop runs while there is something to await; while the runtime polls it stands still, as the
whole execution environment may do. Where one process serves several invocations at once, the loop
runs all the time in a thread of its own, and the threads that poll hand their coroutines to it.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

from lambda_ric.runtime.errors import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Callable, Generator

DEADLINE_MARGIN = 0.1
"""Seconds before the deadline at which a handler is cancelled, so that its error can be sent."""

CLOSE_SECONDS = 0.2
"""Seconds that tasks left behind have for their `finally` when the process ends."""

EVENT_LOOP_VARIABLE = "LAMBDA_RIC_EVENT_LOOP"
"""Environment variable: `uvloop` runs the handlers on uvloop, which must be installed."""

_log = logging.getLogger("lambda_ric")


class DeadlineExceeded(Fault):
    """The handler was cancelled shortly before Lambda would have ended it."""

    error_type = "Function.DeadlineExceeded"


class CancelledError(Exception):
    """The handler let a cancellation pass that was its own; the process must outlive it."""


class EventLoop:
    """Runs coroutines to their end for callers that are not async."""

    def __init__(self, shared: bool) -> None:
        self.loop = _new_loop()
        self._shared = shared
        if shared:
            threading.Thread(target=self._run_forever, name="event-loop", daemon=True).start()
        else:
            asyncio.set_event_loop(self.loop)
            atexit.register(self._close)

    def run(self, awaitable: Awaitable[Any], remaining_ms: int) -> Any:
        """Await it and return its result.

        Raises DeadlineExceeded when it is cancelled because its time is nearly over. Deadlines that
        lie in the past are none: some emulators send such.
        """
        coroutine = _within(awaitable, remaining_ms / 1000 - DEADLINE_MARGIN)
        if self._shared:
            return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result()
        try:
            return self.loop.run_until_complete(coroutine)
        finally:
            self._report_tasks_left_behind()

    def iterate(
        self, iterable: AsyncIterable[Any], remaining_ms: Callable[[], int]
    ) -> Generator[Any, None, None]:
        """Yield what an async iterable yields, and close it at the end."""
        iterator = iterable.__aiter__()
        try:
            while True:
                try:
                    item = self.run(_next(iterator), remaining_ms())
                except _Exhausted:
                    return
                yield item
        finally:
            close = getattr(iterator, "aclose", None)
            if close is not None:
                self.run(close(), 0)

    def _run_forever(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def _report_tasks_left_behind(self) -> None:
        left = sorted([task.get_name() for task in asyncio.all_tasks(self.loop)])
        if left:
            _log.warning(
                "%d task(s) left behind by the invocation stand still until the next one: %s",
                len(left),
                ", ".join(left),
            )

    def _close(self) -> None:
        tasks = asyncio.all_tasks(self.loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self.loop.run_until_complete(asyncio.wait(tasks, timeout=CLOSE_SECONDS))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()


_event_loop: EventLoop | None = None
_creation = threading.Lock()


def event_loop(shared: bool) -> EventLoop:
    """Return the event loop of this process; a shared one runs in a thread of its own."""
    global _event_loop
    with _creation:
        if _event_loop is None:
            _event_loop = EventLoop(shared)
        return _event_loop


def _new_loop() -> asyncio.AbstractEventLoop:
    if os.environ.get(EVENT_LOOP_VARIABLE) == "uvloop":
        loop: asyncio.AbstractEventLoop = import_module("uvloop").new_event_loop()
        return loop
    return asyncio.new_event_loop()


class _Exhausted(Exception):
    """An async iterator has no more items; StopAsyncIteration cannot leave a task."""


async def _next(iterator: Any) -> Any:
    try:
        return await iterator.__anext__()
    except StopAsyncIteration:
        raise _Exhausted from None


async def _within(awaitable: Awaitable[Any], seconds: float) -> Any:
    """Await something, and cancel it when the seconds are over, if there are any."""
    expired = False
    task = asyncio.current_task()

    def expire() -> None:
        nonlocal expired
        expired = True
        if task is not None:
            task.cancel()

    timer = asyncio.get_running_loop().call_later(seconds, expire) if seconds > 0 else None
    try:
        return await awaitable
    except asyncio.CancelledError as error:
        if expired:
            margin = f"{DEADLINE_MARGIN * 1000:.0f} ms"
            raise DeadlineExceeded(
                f"the handler was cancelled {margin} before its deadline"
            ) from error
        raise CancelledError(*error.args) from error
    finally:
        if timer is not None:
            timer.cancel()
