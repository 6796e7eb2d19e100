"""An async iterable, item by item."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from lambda_ric.ondemand.steps import END, Steps


class Numbers:
    """An async iterator that is no generator: it has no `aclose`."""

    def __init__(self) -> None:
        self._last = 0

    def __aiter__(self) -> AsyncIterator[int]:
        return self

    async def __anext__(self) -> int:
        self._last += 1
        if self._last > 2:
            raise StopAsyncIteration
        return self._last


def test_an_iterator_that_cannot_be_closed_is_read_to_its_end() -> None:
    async def run() -> list[object]:
        steps = Steps(Numbers(), 60_000)
        return [await steps.next() for _ in range(3)]

    assert asyncio.run(run()) == [1, 2, END]


def test_an_iterable_that_was_never_asked_can_be_closed() -> None:
    asyncio.run(Steps(Numbers(), 60_000).close())
