"""The clock that can be put forward, and the timers that follow it."""

from __future__ import annotations

import asyncio
import time

import pytest

from lambda_ric.emulator.clock import Alarm, Clock
from tests.support.service import scenario


@scenario
async def test_timers_come_due_in_their_order() -> None:
    clock, due = Clock(), list[str]()
    for name, seconds in (("late", 20), ("soon", 10), ("late too", 20)):
        clock.after(seconds, lambda name=name: due.append(name))  # type: ignore[misc]
    clock.advance(15)
    assert due == ["soon"]
    clock.advance(5)
    assert due == ["soon", "late", "late too"]


@scenario
async def test_a_timer_that_is_set_on_the_way_comes_due_on_the_way() -> None:
    clock, moments = Clock(), list[float]()

    def again() -> None:
        moments.append(round(clock.now() - start))
        clock.after(10, again)

    start = clock.now()
    clock.after(10, again)
    clock.advance(45)
    assert moments == [10, 20, 30, 40]
    assert round(clock.now() - start) == 45


@scenario
async def test_time_passes_by_itself_too() -> None:
    clock, due = Clock(), asyncio.Event()
    clock.advance(3_600)
    clock.after(0.01, due.set)
    await asyncio.wait_for(due.wait(), 5)
    assert clock.now() - time.monotonic() == pytest.approx(3_600, abs=1)
    assert clock.wall_time() - time.time() == pytest.approx(3_600, abs=1)


@scenario
async def test_a_cancelled_timer_never_comes_due() -> None:
    clock, due = Clock(), list[str]()
    timer = clock.after(1, lambda: due.append("cancelled"))
    clock.after(2, lambda: due.append("kept"))
    timer.cancel()
    clock.advance(3)
    assert due == ["kept"]


@scenario
async def test_a_closed_clock_forgets_its_timers() -> None:
    clock, due = Clock(), list[str]()
    clock.after(1, lambda: due.append("forgotten"))
    clock.close()
    clock.advance(2)
    assert due == []


@scenario
async def test_an_alarm_goes_off_at_the_moment_that_was_set_last() -> None:
    clock, due = Clock(), list[float]()
    start = clock.now()
    alarm = Alarm(clock, lambda: due.append(round(clock.now() - start)))
    for seconds in (10, 30, 20):
        alarm.set(start + seconds)
    clock.advance(15)
    assert due == []
    clock.advance(100)
    assert due == [20]
    assert not alarm.is_set()
    alarm.set(start + 200)
    assert alarm.is_set()
    alarm.set(None)
    assert not alarm.is_set()
    clock.advance(100)
    alarm.set(start + 300)
    alarm.cancel()
    clock.advance(100)
    assert due == [20]


@scenario
async def test_an_alarm_in_real_time_is_not_affected_by_an_advance() -> None:
    clock, due = Clock(), asyncio.Event()
    alarm = Alarm(clock, due.set, in_real_time=lambda: True)
    alarm.set(clock.now() + 0.1)
    clock.advance(3_600)
    assert not due.is_set()
    await asyncio.wait_for(due.wait(), 5)
    alarm.cancel()


@scenario
async def test_an_alarm_of_a_process_has_all_its_time_if_it_is_set_on_the_way() -> None:
    clock, due = Clock(), asyncio.Event()
    alarm = Alarm(clock, due.set, of_a_process=True)
    clock.after(60, lambda: alarm.set(clock.now() + 0.1))
    clock.advance(3_600)
    assert not due.is_set()
    await asyncio.wait_for(due.wait(), 5)
    alarm.set(clock.now() + 60)
    due.clear()
    clock.advance(60)
    assert due.is_set()
