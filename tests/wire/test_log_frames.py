from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.wire import log_frames
from lambda_ric.wire.log_frames import JSON, TEXT, Frame, FrameReader
from tests.wire.reading import byte_by_byte, pieces, whole

FRAMES = st.builds(
    Frame,
    st.sampled_from([TEXT, JSON]),
    st.integers(log_frames.NO_LEVEL, log_frames.CRITICAL),
    st.integers(0, (1 << 64) - 1),
    st.binary(max_size=50),
)


def values(frames: list[Frame]) -> list[tuple[int, int, int, bytes]]:
    return [(frame.format, frame.level, frame.microseconds, frame.message) for frame in frames]


@pytest.mark.parametrize(
    ("level", "text", "json"),
    [
        (log_frames.NO_LEVEL, "a55a0003", "a55a0002"),
        (log_frames.TRACE, "a55a0007", "a55a0006"),
        (log_frames.DEBUG, "a55a000b", "a55a000a"),
        (log_frames.INFO, "a55a000f", "a55a000e"),
        (log_frames.WARNING, "a55a0013", "a55a0012"),
        (log_frames.ERROR, "a55a0017", "a55a0016"),
        (log_frames.CRITICAL, "a55a001b", "a55a001a"),
    ],
)
def test_a_frame_type_has_a_level_and_a_format(level: int, text: str, json: str) -> None:
    assert Frame(TEXT, level, 0, b"").encode()[:4].hex() == text
    assert Frame(JSON, level, 0, b"").encode()[:4].hex() == json


def test_a_frame_is_type_length_time_and_message() -> None:
    frame = Frame(TEXT, log_frames.INFO, 1_700_000_000_000_001, b"a\nb")
    assert frame.encode().hex(" ", -4) == "a55a000f 00000003 00060a24 181e4001 610a62"


@given(st.lists(FRAMES, max_size=4), st.lists(st.integers(0, 500), max_size=6))
def test_frames_are_read_back_at_any_pace(frames: list[Frame], cuts: list[int]) -> None:
    data = b"".join([frame.encode() for frame in frames])
    for parts in (whole(data), byte_by_byte(data), pieces(data, cuts) if data else []):
        reader = FrameReader()
        found = [frame for part in parts for frame in reader.feed(part)]
        assert values(found) == values(frames)


@pytest.mark.parametrize(
    "header",
    [
        b"plain text, no frame",
        bytes.fromhex("a55a0001") + bytes(12),  # neither text nor JSON
        bytes.fromhex("a55a001f") + bytes(12),  # a level above the highest
        bytes.fromhex("a55b0003") + bytes(12),
        bytes.fromhex("a55a0403") + bytes(12),
        bytes.fromhex("a55a0003ffffffff") + bytes(8),  # 4 GiB
    ],
)
def test_data_that_is_not_a_frame_is_refused(header: bytes) -> None:
    with pytest.raises(ValueError, match="log frame"):
        list(FrameReader().feed(header))


def test_frames_before_a_broken_one_are_handed_over() -> None:
    good = Frame(TEXT, log_frames.ERROR, 5, b"said")
    frames = FrameReader().feed(good.encode() + b"and then something else")
    assert values([next(frames)]) == values([good])
    with pytest.raises(ValueError, match="log frame"):
        next(frames)
