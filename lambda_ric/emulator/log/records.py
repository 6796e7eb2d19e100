"""A function's output, cut into records: lines of text, and log frames.

Text and frames come through the same pipe, so their order is correct. No separator is needed: a
frame begins with a byte that cannot begin a UTF-8 character.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from lambda_ric.wire.log_frames import NO_LEVEL, FrameReader

MAX_LINE = 262_144
"""Longest line in bytes that is kept together, as in CloudWatch Logs."""

_FRAME_START = b"\xa5\x5a\x00"
_FRAME_HEADER = 16


class Record(NamedTuple):
    """A line of text, or a log record of any number of lines, without the last line break."""

    text: str
    level: int = NO_LEVEL  # of lambda_ric.wire.log_frames


class RecordReader:
    """Cuts bytes into records as they arrive."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Record]:
        """Yield the records that are now complete."""
        self._data += data
        while self._data:
            start = self._data.find(_FRAME_START)
            if start:
                yield from self._lines(start)
            if start < 0:
                return
            frame = self._take_frame()
            if frame is None:
                return
            yield frame

    def flush(self) -> Iterator[Record]:
        """Yield the rest as a line, but keep a frame that is not complete."""
        if self._data and not self._data.startswith(_FRAME_START):
            yield _line(bytes(self._data))
            self._data.clear()

    def _lines(self, start: int) -> Iterator[Record]:
        """Take all lines before a frame, even one without an end; else the complete lines."""
        text = bytes(self._data if start < 0 else self._data[:start])
        *lines, rest = text.split(b"\n")
        if rest and (start > 0 or len(rest) > MAX_LINE):
            lines.append(rest)
            rest = b""
        del self._data[: len(text) - len(rest)]
        for line in lines:
            yield _line(line)

    def _take_frame(self) -> Record | None:
        """Take the frame that the data begins with; data that only looks like a frame is text."""
        if len(self._data) < _FRAME_HEADER:
            return None
        end = _FRAME_HEADER + int.from_bytes(self._data[4:8], "big")
        whole = len(self._data) >= end
        try:  # an incomplete frame is not copied: its header may be refused already
            frames = list(FrameReader().feed(bytes(self._data[: end if whole else _FRAME_HEADER])))
        except ValueError:
            line = _line(bytes(self._data[: len(_FRAME_START)]))
            del self._data[: len(_FRAME_START)]
            return line
        if not frames:
            return None
        del self._data[:end]
        return Record(frames[0].message.decode("utf-8", "replace").rstrip("\n"), frames[0].level)


def _line(data: bytes) -> Record:
    """Decode a line. Runtimes write a carriage return for a line break within one log record."""
    text = data.decode("utf-8", "replace").rstrip("\r")
    if "\r" in text:
        text = text.replace("\r", "\n").replace("\N{NO-BREAK SPACE}", " ")
    return Record(text)
