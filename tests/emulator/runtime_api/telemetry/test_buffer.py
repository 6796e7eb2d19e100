"""The buffer of a subscriber, as a machine without time or sockets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.emulator.runtime_api.telemetry.buffer import Buffer
from lambda_ric.emulator.runtime_api.telemetry.dropped import NOTHING, Dropped
from lambda_ric.emulator.runtime_api.telemetry.requests import Buffering

LIMITS = Buffering(max_items=3, max_bytes=100, timeout=1.0)


def filled(*events: bytes, now: float = 5.0) -> Buffer:
    buffer = Buffer(LIMITS)
    for event in events:
        buffer.add(event, now)
    return buffer


def test_a_batch_is_due_by_time_counted_from_its_first_event() -> None:
    buffer = filled(b"a")
    buffer.add(b"b", 5.9)
    assert buffer.due_at == 6.0
    assert buffer.take(5.99) is None
    batch = buffer.take(6.0)
    assert batch is not None
    assert (batch.events, batch.size, batch.dropped) == ([b"a", b"b"], 2, NOTHING)


def test_a_batch_is_due_at_once_when_it_has_so_many_events_or_bytes() -> None:
    assert filled(b"a", b"b").take(5.0) is None
    assert filled(b"a", b"b", b"c").take(5.0) is not None
    assert filled(b"x" * 99).take(5.0) is None
    assert filled(b"x" * 100).take(5.0) is not None


def test_everything_can_be_taken_before_it_is_due() -> None:
    batch = filled(b"a").take(5.0, at_once=True)
    assert batch is not None
    assert Buffer(LIMITS).take(5.0, at_once=True) is None


def test_there_is_one_batch_under_way_at_a_time() -> None:
    buffer = filled(b"a", b"b", b"c")
    assert buffer.take(5.0) is not None
    buffer.add(b"d", 5.0)
    assert buffer.take(99.0, at_once=True) is None
    buffer.delivered()
    assert buffer.due_at == 6.0
    assert not buffer.is_empty


def test_what_finds_no_room_is_counted_and_reported_with_the_next_batch() -> None:
    buffer = filled(b"a", b"b", b"c")
    buffer.take(5.0)
    for event in (b"d", b"e", b"f", b"gone", b"gone too"):
        buffer.add(event, 5.0)
    assert buffer.take_unannounced() == Dropped(2, 12)
    assert buffer.take_unannounced() == NOTHING
    buffer.delivered()
    batch = buffer.take(5.0)
    assert batch is not None
    assert (batch.events, batch.dropped) == ([b"d", b"e", b"f"], Dropped(2, 12))


def test_a_lost_batch_counts_as_dropped_together_with_what_it_was_to_report() -> None:
    buffer = filled(b"a", b"b", b"c", b"gone")
    assert buffer.take(5.0) is not None
    buffer.lost()
    buffer.add(b"d", 6.0)
    batch = buffer.take(7.0)
    assert batch is not None
    assert batch.dropped == Dropped(4, 7)
    assert buffer.take_unannounced() == Dropped(4, 7)


STEPS = st.lists(
    st.one_of(st.integers(0, 150), st.sampled_from(["take", "flush", "delivered", "lost"])),
    max_size=80,
)


@given(STEPS)
def test_every_event_is_delivered_once_in_order_or_counted(steps: list[int | str]) -> None:
    buffer, added, arrived, now = Buffer(LIMITS), list[bytes](), list[bytes](), 0.0
    under_way, reported = list[bytes](), 0
    for step in [*steps, "delivered", "flush", "delivered", "flush", "delivered"]:
        now += 0.3
        if isinstance(step, int):
            added.append(b"%d " % len(added) + b"x" * step)
            buffer.add(added[-1], now)
        elif step in ("take", "flush"):
            batch = buffer.take(now, at_once=step == "flush")
            if batch is not None:
                under_way, before = batch.events, batch.dropped.records
                assert len(batch.events) <= LIMITS.max_items
                assert batch.size == sum(map(len, batch.events))
                assert batch.size - len(batch.events[-1]) < LIMITS.max_bytes
        elif step == "delivered" and under_way:
            arrived += under_way
            reported += before
            under_way = []
            buffer.delivered()
        elif step == "lost":
            under_way = []
            buffer.lost()
    assert arrived == [event for event in added if event in arrived]
    assert len(arrived) == len(set(arrived))
    buffer.add(b"last", now)
    batch = buffer.take(now, at_once=True)
    assert batch is not None
    assert len(arrived) + reported + batch.dropped.records == len(added)
