"""h11 is the oracle: what is valid means the same, what we accept h11 accepts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.messages import Valid, mutations, pipelines
from tests.wire.reading import Reading, byte_by_byte, pieces, read, read_with_h11, whole

pytestmark = [pytest.mark.slow, pytest.mark.independent]

ROLES = pytest.mark.parametrize("role", ["request", "response"])
CUTS = st.lists(st.integers(0, 5_000), max_size=8)


def assert_meaning(reading: Reading, messages: list[Valid]) -> None:
    assert reading.error is None
    assert [message.body for message in reading.complete] == [m.body for m in messages]
    assert [message.trailers for message in reading.complete] == [m.trailers for m in messages]
    assert [message.keep_alive for message in reading.complete] == [not m.last for m in messages]


@ROLES
@given(st.data(), CUTS)
@settings(max_examples=60)
def test_valid_messages_mean_the_same_at_any_pace(
    role: str, data: st.DataObject, cuts: list[int]
) -> None:
    messages = data.draw(pipelines(role))
    wire = b"".join([message.wire for message in messages])
    expected = read_with_h11(role, wire, end=True)
    for reading in (
        read(role, whole(wire), end=True),
        read(role, byte_by_byte(wire), end=True),
        read(role, pieces(wire, cuts), end=True),
        read(role, pieces(wire, cuts), end=True, drain=False),
    ):
        assert_meaning(reading, messages)
        for ours, theirs in zip(reading.complete, expected.complete, strict=True):
            assert (ours.start, ours.fields) == (theirs.start, theirs.fields)
            assert (ours.body, ours.trailers) == (theirs.body, theirs.trailers)


@ROLES
@given(st.data(), st.binary(min_size=1, max_size=40), CUTS)
@settings(max_examples=30)
def test_bytes_after_a_message_do_not_change_it(
    role: str, data: st.DataObject, after: bytes, cuts: list[int]
) -> None:
    messages = data.draw(pipelines(role).filter(lambda found: not found[-1].last))
    wire = b"".join([message.wire for message in messages])
    for parts in (whole(wire + after), byte_by_byte(wire + after), pieces(wire + after, cuts)):
        reading = read(role, parts)
        reading.error = None  # what follows may well be no message
        assert_meaning(Reading(reading.messages[: len(messages)]), messages)


@ROLES
@given(st.data(), CUTS)
@settings(max_examples=150)
def test_messages_we_accept_mean_the_same_to_h11(
    role: str, data: st.DataObject, cuts: list[int]
) -> None:
    wire = data.draw(mutations(role))
    reading = read(role, whole(wire), end=True)
    paced = read(role, pieces(wire, cuts) if wire else [], end=True)
    assert paced.complete == reading.complete
    assert (paced.error is None) == (reading.error is None)
    expected = read_with_h11(role, wire, end=True)
    for ours, theirs in zip(reading.complete, expected.complete, strict=False):
        assert ours.start == theirs.start
        assert ours.fields == theirs.fields
        assert (ours.body, ours.trailers) == (theirs.body, theirs.trailers)
    assert len(reading.complete) <= len(expected.complete)
