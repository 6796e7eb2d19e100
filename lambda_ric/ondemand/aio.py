"""Async handlers: one event loop for the life of the process.

Connection pools and clients that belong to a loop therefore survive from one invocation to the
next. The loop runs while there is something to await. It is paused while the runtime polls, when
Lambda may also freeze the whole execution environment. If one process serves several invocations at
once, the loop runs all the time in its own thread, and the polling threads hand it coroutines.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import sys
import threading
from contextlib import suppress
from importlib import import_module
from types import AsyncGeneratorType
from weakref import WeakSet

from lambda_ric.ondemand import eager
from lambda_ric.ondemand.steps import END, Steps
from lambda_ric.ondemand.tasks import capture_exit, reraise_exit, with_deadline
from lambda_ric.runtime.errors import SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import (
        AsyncIterable,
        Awaitable,
        Callable,
        Coroutine,
        Generator,
    )
    from typing import Any

    Abort = Callable[[BaseException], None]

CLOSE_SECONDS = 0.2
"""Seconds that tasks left behind have for their `finally` when the process ends."""

EVENT_LOOP_VARIABLE = "LAMBDA_RIC_EVENT_LOOP"
"""Environment variable: `uvloop` runs the handlers on uvloop, which must be installed."""

_log = logging.getLogger("lambda_ric")


class EventLoop:
    """Runs coroutines to completion for callers that are not async.

    With `abort` it runs in its own thread, for callers in several threads; `abort` is called with
    the exception that ends that thread, such as the SystemExit of a background task.
    """

    def __init__(self, abort: Abort | None) -> None:
        self.loop = _new_loop()
        self._abort = abort
        self._reported: WeakSet[asyncio.Task[Any]] = WeakSet()
        self._closed = False
        if abort is None:
            asyncio.set_event_loop(self.loop)
        else:
            threading.Thread(
                target=self._run_forever, args=(abort,), name="event-loop", daemon=True
            ).start()
        atexit.register(self.close)  # for a process that ends before it serves

    def run(self, awaitable: Awaitable[Any], remaining_ms: int) -> Any:
        """Await it and return its result.

        Raises a Fault, DEADLINE_EXCEEDED, when it is cancelled because its time is nearly over.
        Past deadlines are ignored; some emulators send them.
        """
        if self._abort is None and eager.can_run(self.loop):
            result, left = eager.run(self.loop, awaitable, remaining_ms)
        else:
            result, left = self._await(with_deadline(awaitable, remaining_ms)), True
        if left:
            self._report_tasks_left_behind()
        return result

    def run_hook(self, awaitable: Awaitable[Any], seconds: float) -> Any:
        """Await it for a certain time. Raises asyncio.TimeoutError."""
        return self._await(asyncio.wait_for(awaitable, seconds))

    def iterate(
        self, iterable: AsyncIterable[Any], remaining_ms: int
    ) -> Generator[Any, None, None]:
        """Yield the items of an async iterable, each on request, and close its iterator.

        Raises the exceptions of the iterable, and a Fault as `run` does.
        """
        steps = Steps(iterable, remaining_ms)
        try:
            while (item := self._await(steps.next())) is not END:
                yield item
        except GeneratorExit:
            self._await(steps.close())
            raise

    def close_iterable(self, iterable: AsyncIterable[Any], remaining_ms: int) -> None:
        """Let an async iterable do what it has left to do once nothing more is taken from it.

        Raises what its `aclose` raises, and a Fault as `run` does.
        """
        close = getattr(iterable, "aclose", None)
        if close is None or isinstance(iterable, AsyncGeneratorType):  # those are closed already
            self._report_tasks_left_behind()
        else:
            self.run(close(), remaining_ms)

    def close(self) -> None:
        """Let tasks and async generators run their `finally`, once, and not for long."""
        if self._closed:
            return
        self._closed = True
        with suppress(Exception):
            # In the loop, Python 3.14 would list only the tasks of this thread.
            tasks = asyncio.all_tasks(self.loop)
            if self._abort is None:
                self.loop.run_until_complete(_finish(tasks))
                self.loop.close()
            else:
                finish = asyncio.run_coroutine_threadsafe(_finish(tasks), self.loop)
                finish.result(3 * CLOSE_SECONDS)

    def _await(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        if self._abort is None:
            return self.loop.run_until_complete(coroutine)
        return reraise_exit(
            asyncio.run_coroutine_threadsafe(capture_exit(coroutine), self.loop).result()
        )

    def _run_forever(self, abort: Abort) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
            abort(SystemExit("lambda-ric: the handler stopped the event loop of all invocations"))
        except BaseException as error:
            abort(error)

    def _report_tasks_left_behind(self) -> None:
        """Warn once of each task that would have to run between invocations."""
        if self._abort is not None:
            return  # the loop keeps running, and so do they
        tasks = asyncio.all_tasks(self.loop)
        if not tasks:
            return
        lasting = _lasting_tasks()
        left = tasks.difference(self._reported, lasting)
        if left:
            self._reported.update(left)
            _log.log(
                # A task group of a lifespan takes new tasks from requests, as MCP servers use it.
                logging.INFO if lasting else logging.WARNING,
                "%d task(s) left behind by the invocation stand still until the next one: %s",
                len(left),
                ", ".join(sorted(map(_describe, left))),
            )


_event_loop: EventLoop | None = None
_creation = threading.Lock()


def event_loop(abort: Abort | None) -> EventLoop:
    """Return the event loop of this process; with `abort` it runs in a thread of its own."""
    global _event_loop
    with _creation:
        if _event_loop is None:
            _event_loop = EventLoop(abort)
        return _event_loop


def close_event_loop() -> None:
    """Close the event loop of this process, if it has one.

    It must happen before the interpreter exits, which first waits for threads and only then calls
    what `atexit` knows: AnyIO's threads end with a task of this loop, such as a lifespan.
    """
    if _event_loop is not None:
        _event_loop.close()


def _new_loop() -> asyncio.AbstractEventLoop:
    kind = os.environ.get(EVENT_LOOP_VARIABLE, "asyncio")
    if kind == "asyncio":
        return asyncio.new_event_loop()
    if kind == "uvloop":
        loop: asyncio.AbstractEventLoop = import_module("uvloop").new_event_loop()
        return loop
    raise SettingsError(f"{EVENT_LOOP_VARIABLE} is not asyncio or uvloop but {kind!r}")


def _lasting_tasks() -> set[asyncio.Task[Any]]:
    """Return the tasks of web applications that live as long as the process."""
    lifespan = sys.modules.get("lambda_ric.sdk.web.lifespan")
    return set() if lifespan is None else set(lifespan.lasting_tasks)


def _describe(task: asyncio.Task[Any]) -> str:
    return f"{task.get_name()} ({getattr(task.get_coro(), '__qualname__', 'unnamed')})"


async def _finish(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        done, _ = await asyncio.wait(tasks, timeout=CLOSE_SECONDS)
        for task in done:
            if not task.cancelled():
                task.exception()  # otherwise asyncio complains that nobody retrieved it
    await asyncio.wait_for(asyncio.get_running_loop().shutdown_asyncgens(), CLOSE_SECONDS)
