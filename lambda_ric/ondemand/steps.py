"""An async iterable whose items a synchronous caller takes one by one.

All of it runs in one task, as its author expects: time limits, task groups, cancel scopes and
context variables may span its `yield`s. It continues only when the next item is requested.
"""

from __future__ import annotations

import asyncio

from lambda_ric.ondemand.tasks import capture_exit, reraise_exit, with_deadline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterable
    from typing import Any

END = object()
"""Marks the end, after the last item."""


class Steps:
    """The items of an async iterable, with a time limit for all of them."""

    def __init__(self, iterable: AsyncIterable[Any], remaining_ms: int) -> None:
        self._iterable = iterable
        self._remaining_ms = remaining_ms
        self._task: asyncio.Task[Any] | None = None
        self._wanted = asyncio.Event()
        self._closing = False
        self._item: asyncio.Future[Any]  # there once the first item is asked for

    async def next(self) -> Any:
        """Return the next item, or END. Raises the iterable's exceptions, as `within` does."""
        self._item = item = asyncio.get_running_loop().create_future()
        self._wanted.set()
        if self._task is None:
            coroutine = capture_exit(with_deadline(self._iterate(), self._remaining_ms))
            self._task = asyncio.create_task(coroutine, name="stream")
        await asyncio.wait((item, self._task), return_when=asyncio.FIRST_COMPLETED)
        return item.result() if item.done() else reraise_exit(self._task.result())

    async def close(self) -> None:
        """End the iterable at its current position. Raises the exceptions of its `finally`."""
        if self._task is not None:
            self._closing = True
            self._wanted.set()
            reraise_exit(await self._task)

    async def _iterate(self) -> Any:
        iterator = self._iterable.__aiter__()
        try:
            async for item in iterator:
                self._item.set_result(item)
                self._wanted.clear()
                await self._wanted.wait()
                if self._closing:
                    break
        finally:
            close = getattr(iterator, "aclose", None)
            if close is not None:
                await close()
        return END
