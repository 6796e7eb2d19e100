"""An exception at every boundary of the emulator, under parallel load.

Every accepted invoke is answered once and in time, and the emulator serves the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.environment.guard import Guard
from lambda_ric.emulator.invoke import CallbackInvoke, CollectedInvoke, Outcome, Source
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.log.platform_events import LogEvent
from lambda_ric.emulator.scheduling.scheduler import Scheduler
from lambda_ric.wire.runtime_api import Invocation
from tests.support.service import function, running_service, scenario

pytestmark = pytest.mark.slow

BOUNDARIES = ("begin_answer", "take", "result", "hand_over", "log")


class Broken(Exception):
    """What goes wrong."""


class FaultyInvoke(CollectedInvoke):
    """An invoke that fails at one boundary, the first time it is crossed."""

    def __init__(self, number: int, boundary: str, request_id: str = "") -> None:
        super().__init__(Invocation(request_id or f"faulty-{number}", b"{}"), wants_tail=True)
        self.boundary = boundary
        self.answers: list[Outcome] = []
        self.answered = asyncio.Event()

    def cross(self, boundary: str) -> None:
        if self.boundary == boundary:
            self.boundary = ""
            raise Broken(boundary)

    def begin_answer(self, content_type: str, source: Source) -> None:
        self.cross("begin_answer")
        super().begin_answer(content_type, source)

    def take(self, part: bytes) -> bool:
        self.cross("take")
        return super().take(part)

    def result(self) -> Outcome:
        self.cross("result")
        return super().result()

    def log(self, text: str) -> None:
        self.cross("log")
        super().log(text)

    def hand_over(self, outcome: Outcome) -> None:
        self.cross("hand_over")
        self.answers.append(outcome)
        self.answered.set()


@asynccontextmanager
async def scheduling(**options: Any) -> AsyncIterator[Scheduler]:
    """Schedule invokes of a function; the faults that the event loop hears of are expected."""
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    guard = Guard()
    scheduler = Scheduler(function(**options), Log(), Clock(), guard, lambda error: None)
    try:
        yield scheduler
    finally:
        await scheduler.stop()
        guard.close()
    assert all(isinstance(fault["exception"], Broken | ValueError) for fault in faults), faults


async def serves(scheduler: Scheduler) -> None:
    """Wait until a plain invoke has its result."""
    settled: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
    scheduler.submit(CallbackInvoke(Invocation("plain", b"{}"), settled.set_result))
    assert (await asyncio.wait_for(settled, 20)).error_type is None


@pytest.mark.parametrize("boundary", BOUNDARIES)
@scenario
async def test_every_invoke_is_answered_once_whatever_fails(boundary: str) -> None:
    async with scheduling(concurrency=4, timeout=10) as scheduler:
        invokes = [FaultyInvoke(n, boundary if n % 3 == 0 else "") for n in range(24)]
        for invoke in invokes:
            scheduler.submit(invoke)
        waits = [asyncio.wait_for(invoke.answered.wait(), 30) for invoke in invokes]
        await asyncio.gather(*waits)
        await serves(scheduler)
        for invoke in invokes:
            assert len(invoke.answers) == 1
            assert invoke.settled
        failed = [n for n, invoke in enumerate(invokes) if invoke.answers[0].error_type]
        assert failed == [n for n in range(24) if n % 3 == 0], boundary


@pytest.mark.parametrize("boundary", ["begin_answer", "take", "result"])
@scenario
async def test_an_invoke_whose_response_cannot_be_taken_has_its_report(boundary: str) -> None:
    async with scheduling(concurrency=1, timeout=10) as scheduler:
        scheduler.submit(invoke := FaultyInvoke(0, boundary))
        await asyncio.wait_for(invoke.answered.wait(), 30)
        await serves(scheduler)
    log = bytes(invoke.tail or b"").decode()
    assert log.count("END RequestId: faulty-0") == 1, log
    assert log.count("Status: failure") == 1, log


@scenario
async def test_an_invoke_that_cannot_be_delivered_is_answered() -> None:
    async with scheduling(concurrency=1, timeout=10) as scheduler:
        invoke = FaultyInvoke(0, "", request_id="a line\nbreak")
        scheduler.submit(invoke)
        await asyncio.wait_for(invoke.answered.wait(), 9)
        assert invoke.answers[0].error_type == "Sandbox.Failure"
        await serves(scheduler)


@scenario
async def test_an_invoke_that_comes_to_a_warm_environment_and_cannot_be_delivered() -> None:
    async with scheduling(concurrency=1, timeout=10) as scheduler:
        await serves(scheduler)
        invoke = FaultyInvoke(0, "", request_id="a\x7fdel")
        scheduler.submit(invoke)
        await asyncio.wait_for(invoke.answered.wait(), 9)
        assert invoke.answers[0].error_type == "Sandbox.Failure"
        await serves(scheduler)


@scenario
async def test_a_subscriber_of_the_log_that_fails_stops_nothing() -> None:
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))

    def fail(event: LogEvent) -> None:
        raise Broken

    async with running_service() as served:
        served.service.log.subscribe(fail)
        for _ in range(3):
            assert (await served.invoke({})).status_code == 200
    assert [type(fault["exception"]) for fault in faults] == [Broken]


@scenario
async def test_a_process_that_cannot_be_started_answers_each_invoke() -> None:
    async with scheduling(command=("no\0program",), concurrency=2, timeout=3) as scheduler:
        invokes = [FaultyInvoke(n, "") for n in range(6)]
        for invoke in invokes:
            scheduler.submit(invoke)
        await asyncio.gather(*[asyncio.wait_for(i.answered.wait(), 10) for i in invokes])
        assert {i.answers[0].error_type for i in invokes} == {"Runtime.InvalidEntrypoint"}


@scenario
async def test_a_timer_that_fails_does_not_stop_the_others() -> None:
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    clock, due = Clock(), asyncio.Event()

    def fail() -> None:
        raise Broken

    clock.after(0.01, fail)
    clock.after(0.01, due.set)
    await asyncio.wait_for(due.wait(), 5)
    assert [type(fault["exception"]) for fault in faults] == [Broken]
