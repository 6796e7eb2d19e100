"""Output cut into records, however it arrives."""

from __future__ import annotations

import statistics
import tracemalloc
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.emulator.log.records import MAX_LINE, Record, RecordReader
from lambda_ric.wire.log_frames import ERROR, INFO, TEXT, Frame


def records(*parts: bytes) -> list[Record]:
    reader = RecordReader()
    return [record for part in parts for record in reader.feed(part)] + list(reader.flush())


def frame(text: str, level: int = INFO) -> bytes:
    return Frame(TEXT, level, 0, text.encode()).encode()


def test_text_is_cut_at_line_feeds() -> None:
    assert records(b"one\ntwo\n\nlast") == [
        Record("one"),
        Record("two"),
        Record(""),
        Record("last"),
    ]


def test_a_frame_is_one_record_whatever_line_breaks_it_holds() -> None:
    assert records(frame("a\nb\n", ERROR)) == [Record("a\nb", ERROR)]


def test_text_and_frames_keep_their_order() -> None:
    data = b"first\n" + frame("second") + b"third" + frame("fourth") + b"fifth\n"
    expected = [
        Record("first"),
        Record("second", INFO),
        Record("third"),
        Record("fourth", INFO),
        Record("fifth"),
    ]
    assert records(data) == expected
    assert records(*[bytes((byte,)) for byte in data]) == expected


def test_output_that_only_begins_like_a_frame_is_text() -> None:
    assert [record.text for record in records(b"\xa5\x5a\x00\xff" + b"x" * 20 + b"\n")][-1] == (
        "\N{REPLACEMENT CHARACTER}" + "x" * 20
    )


def test_a_carriage_return_breaks_a_line_within_one_record() -> None:
    """As runtimes write an error report without a pipe for frames."""
    text = "[ERROR] E: m\rTraceback\r\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}File\n"
    assert records(text.encode()) == [Record("[ERROR] E: m\nTraceback\n  File")]
    assert records(b"dos\r\n") == [Record("dos")]


def test_a_line_without_end_is_cut() -> None:
    assert [len(one.text) for one in records(b"x" * (MAX_LINE + 1), b"y\n")] == [MAX_LINE + 1, 1]


def test_half_a_frame_waits_for_the_other_half() -> None:
    reader = RecordReader()
    data = frame("whole")
    assert list(reader.feed(data[:20])) == []
    assert list(reader.flush()) == []
    assert list(reader.feed(data[20:])) == [Record("whole", INFO)]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\xa0"), min_size=1)


@given(st.lists(st.tuples(st.booleans(), TEXTS)), st.lists(st.integers(0, 400)))
def test_any_mixture_in_any_pieces_comes_out_as_it_went_in(
    written: list[tuple[bool, str]], cuts: list[int]
) -> None:
    data = b"".join([frame(text) if framed else text.encode() + b"\n" for framed, text in written])
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    pieces = [data[a:b] for a, b in pairwise(edges)]
    assert [record.text for record in records(*pieces)] == [text for _, text in written]


@given(st.lists(st.binary()))
def test_any_bytes_are_read_without_an_error(parts: list[bytes]) -> None:
    for record in records(*parts):
        assert isinstance(record.text, str)


def test_a_forged_frame_is_not_copied_at_each_read() -> None:
    """Its header claims 16 MB, so everything behind it is held back for a while."""
    reader = RecordReader()
    forged = bytes.fromhex("a55a000300ffffff") + bytes(8 + 8 * 1_048_576)
    assert list(reader.feed(forged)) == []
    tracemalloc.start()
    try:
        peaks = []
        for _ in range(20):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            assert list(reader.feed(bytes(10_000))) == []
            peaks.append(tracemalloc.get_traced_memory()[1] - before)
    finally:
        tracemalloc.stop()
    assert statistics.median(peaks) < 100_000
