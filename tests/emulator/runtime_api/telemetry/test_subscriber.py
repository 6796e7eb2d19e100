"""One subscriber: real sockets, and a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.log.platform_events import LogEvent
from lambda_ric.emulator.runtime_api.telemetry.apis import TELEMETRY
from lambda_ric.emulator.runtime_api.telemetry.dropped import Dropped
from lambda_ric.emulator.runtime_api.telemetry.requests import (
    Buffering,
    HttpAddress,
    Subscription,
    TcpAddress,
)
from lambda_ric.emulator.runtime_api.telemetry.subscriber import Subscriber
from tests.support.played import arrived
from tests.support.service import scenario
from tests.support.telemetry import Listener, http_listener, tcp_listener

LATER = Buffering(max_items=1_000, timeout=30.0)


class Driven:
    """A subscriber, its clock, and what it has reported as dropped."""

    def __init__(
        self, address: HttpAddress | TcpAddress, buffering: Buffering, types: tuple[str, ...]
    ) -> None:
        self.clock = Clock()
        self.dropped: list[tuple[int, int, str]] = []
        subscription = Subscription(TELEMETRY, "2025-01-29", types, buffering, address)
        self.subscriber = Subscriber(
            subscription, self.clock, lambda *dropped: self.dropped.append(dropped), json_logs=False
        )

    def take(self, *lines: str) -> None:
        for line in lines:
            self.subscriber.take(LogEvent("function", line), "now")

    async def flushed(self) -> None:
        idle = asyncio.Event()
        self.subscriber.flush(idle.set)
        await asyncio.wait_for(idle.wait(), 30)


@contextmanager
def driven(
    listener: Listener,
    buffering: Buffering = LATER,
    types: tuple[str, ...] = ("platform", "function"),
    *,
    tcp: bool = False,
) -> Iterator[Driven]:
    address: Any = TcpAddress(listener.port)
    if not tcp:
        address = HttpAddress(f"sandbox:{listener.port}", listener.port, "/")
    subject = Driven(address, buffering, types)
    try:
        yield subject
    finally:
        subject.subscriber.close()
        subject.clock.close()


@scenario
async def test_events_wait_for_the_time_of_their_batch() -> None:
    with http_listener() as listener, driven(listener) as subject:
        subject.take("a", "b")
        subject.clock.advance(29)
        await arrived()
        assert listener.batches == []
        subject.clock.advance(1)
        assert await listener.wait_for("function", 2) == ["a", "b"]
        assert len(listener.batches) == 1
        subject.take("c")
        subject.clock.advance(30)
        assert await listener.wait_for("function", 3) == ["a", "b", "c"]


@scenario
async def test_a_full_batch_does_not_wait() -> None:
    with http_listener() as listener, driven(listener) as subject:
        subject.take(*map(str, range(1_000)))
        assert len(await listener.wait_for("function", 1_000)) == 1_000


@scenario
async def test_what_is_flushed_does_not_wait_nor_does_anything_after_it() -> None:
    with http_listener() as listener, driven(listener) as subject:
        subject.take("a")
        await subject.flushed()
        assert listener.records("function") == ["a"]
        subject.take("b")
        assert await listener.wait_for("function", 2) == ["a", "b"]


@scenario
async def test_a_flood_is_bounded_counted_and_reported_to_both_sides() -> None:
    with http_listener() as listener, driven(listener) as subject:
        listener.is_open.clear()
        subject.take(*map(str, range(5_000)))
        listener.is_open.set()
        await subject.flushed()
        [report] = listener.records("platform.logsDropped")
        assert report["droppedRecords"] == 3_000
        assert listener.records("function") == [str(number) for number in range(2_000)]
        [(records, size, reason)] = subject.dropped
        assert (records, size) == (report["droppedRecords"], report["droppedBytes"])
        assert reason == report["reason"]
        kinds = [[event["type"] for event in batch][:2] for batch in listener.batches]
        assert kinds == [["function", "function"], ["platform.logsDropped", "function"]]


@scenario
async def test_only_those_who_want_platform_events_hear_of_what_was_dropped() -> None:
    with http_listener() as listener, driven(listener, types=("function",)) as subject:
        subject.subscriber.miss(Dropped(7, 70))
        subject.take("a")
        await subject.flushed()
        assert listener.records("platform.logsDropped") == []
        assert subject.dropped[0][:2] == (7, 70)


@scenario
async def test_a_batch_that_is_refused_three_times_is_lost_and_the_next_one_says_so() -> None:
    with http_listener() as listener, driven(listener) as subject:
        listener.statuses += [500, 500, 500]
        subject.take("a")
        await subject.flushed()
        [(records, _, reason)] = subject.dropped
        assert (records, reason) == (
            1,
            "could not send events: the subscriber answered with status 500",
        )
        subject.take("b")
        await listener.wait_for("function")
        assert listener.records("platform.logsDropped")[0]["droppedRecords"] == 1
        assert listener.records("function") == ["b"]


@scenario
async def test_a_tcp_listener_that_has_gone_and_come_back_gets_the_rest() -> None:
    with tcp_listener() as listener, driven(listener, tcp=True) as subject:
        subject.take("a")
        await subject.flushed()
        await listener.wait_for("function")
        listener.hang_up()
        await arrived()
        subject.take("b")
        assert (await listener.wait_for("function", 2)) == ["a", "b"]
