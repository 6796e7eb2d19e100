"""Coroutines that seldom wait: whether they start at once makes no difference to them."""

from __future__ import annotations

import asyncio
import logging
from contextvars import ContextVar
from typing import Any

import pytest

from lambda_ric.ondemand import eager
from lambda_ric.ondemand.aio import EventLoop
from lambda_ric.runtime.errors import Fault

PLENTY = 60_000  # ms
color: ContextVar[str] = ContextVar("color", default="none")


@pytest.fixture(params=["eager", "with a task factory"])
def loop(request: pytest.FixtureRequest) -> EventLoop:
    """The event loop of a process, closed at its end; a task factory prevents an eager start."""
    event_loop = EventLoop(None)
    if request.param != "eager":
        event_loop.loop.set_task_factory(
            lambda loop, coroutine, **options: asyncio.Task(coroutine, loop=loop, **options)
        )
        assert not eager.can_run(event_loop.loop)
    return event_loop


async def paints(value: str, pause: float | None = None) -> str:
    before = color.get()
    color.set(value)
    if pause is not None:
        await asyncio.sleep(pause)
    assert color.get() == value
    return before


@pytest.mark.parametrize("pause", [None, 0, 0.001])
def test_context_variables_are_those_of_one_invocation(
    loop: EventLoop, pause: float | None
) -> None:
    assert [loop.run(paints(value, pause), PLENTY) for value in "abc"] == ["none"] * 3


def test_it_runs_in_a_task_of_its_own(loop: EventLoop) -> None:
    async def current() -> asyncio.Task[Any] | None:
        assert asyncio.get_running_loop() is loop.loop
        return asyncio.current_task()

    first, second = (loop.run(current(), PLENTY) for _ in range(2))
    assert first is not second
    assert first.done()


def test_a_task_that_is_left_behind_begins(
    loop: EventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []
    tasks: list[asyncio.Task[None]] = []

    async def note(what: str) -> None:
        seen.append(what)

    async def spawns() -> None:
        tasks.append(asyncio.create_task(note("begun")))

    with caplog.at_level(logging.WARNING):
        loop.run(spawns(), PLENTY)
    assert seen == ["begun"]
    assert caplog.text == ""


def test_a_task_that_is_not_done_is_reported_once(
    loop: EventLoop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)  # where an application of another test has tasks that last
    tasks: list[asyncio.Task[None]] = []

    async def spawns() -> None:
        if not tasks:
            tasks.append(asyncio.create_task(asyncio.sleep(0.01), name="nap"))

    for _ in range(2):
        loop.run(spawns(), PLENTY)
    assert caplog.text.count("nap") == 1
    loop.loop.run_until_complete(tasks[0])


@pytest.mark.parametrize("pause", [None, 0.001])
def test_errors_and_exits_come_out_and_the_loop_goes_on(
    loop: EventLoop, pause: float | None
) -> None:
    async def raises(error: BaseException) -> None:
        if pause is not None:
            await asyncio.sleep(pause)
        raise error

    for error in (ValueError("no"), SystemExit(3), KeyboardInterrupt()):
        with pytest.raises(type(error)) as raised:
            loop.run(raises(error), PLENTY)
        assert raised.value is error
    assert loop.run(paints("a"), PLENTY) == "none"


def test_what_waits_too_long_is_cancelled(loop: EventLoop) -> None:
    for _ in range(2):
        with pytest.raises(Fault, match="100 ms before its deadline"):
            loop.run(asyncio.sleep(60), 120)
    assert loop.run(asyncio.sleep(0, "fine"), -5) == "fine"  # a past deadline


def test_a_handler_that_stops_the_loop_is_an_error(loop: EventLoop) -> None:
    async def stops() -> None:
        asyncio.get_running_loop().stop()
        await asyncio.sleep(60)

    with pytest.raises(RuntimeError, match="stopped"):
        loop.run(stops(), PLENTY)
    (task,) = asyncio.all_tasks(loop.loop)
    task.cancel()
    loop.run(asyncio.wait([task]), PLENTY)
    assert task.exception() is not None
    assert loop.run(asyncio.sleep(0.001, "fine"), PLENTY) == "fine"
