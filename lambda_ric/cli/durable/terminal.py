"""Where a table is drawn: how wide it may be, which characters it has, and whether in colours.

A pipe has no width: lines are whole there, and plain.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from typing import TextIO

BOLD, DIM, RED, GREEN, YELLOW, CYAN = "1", "2", "31", "32", "33", "36"

LONGEST = 2_000
"""Characters of one text that are shown at most; `--json` has all of them."""

_MARKS = {
    "SUCCEEDED": ("✓", "+", GREEN),
    "FAILED": ("✗", "x", RED),
    "TIMED_OUT": ("✗", "x", RED),
    "STOPPED": ("■", "#", RED),
    "CANCELLED": ("○", "-", DIM),
    "PENDING": ("↻", "~", YELLOW),
    "PAUSED": ("‖", "=", YELLOW),
    "PAUSING": ("‖", "=", YELLOW),
}
_GOING = ("●", "*", CYAN)
_ASCII = str.maketrans({"├": "|", "└": "`", "│": "|", "─": "-", "…": "~", "·": "-"})
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """Draws on `stream`. `width` is None where lines may have any length."""

    def __init__(self, stream: TextIO) -> None:
        is_terminal = stream.isatty()
        self.width = shutil.get_terminal_size().columns if is_terminal else None
        self._coloured = (
            is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        )
        self._stream = stream
        self._ascii = not _can_write("✓✗■○↻‖●├└│─…·", stream.encoding)

    def write(self, line: str = "") -> None:
        """Write a line at once."""
        if self._ascii:
            line = line.translate(_ASCII)
        encoding = self._stream.encoding or "utf-8"
        line = line.encode(encoding, "backslashreplace").decode(encoding)
        self._stream.write(line.rstrip() + "\n")
        self._stream.flush()

    def paint(self, text: str, colour: str) -> str:
        """Return a text in a colour, if there are colours."""
        return f"\x1b[{colour}m{text}\x1b[0m" if self._coloured and text else text

    def mark(self, status: str) -> str:
        """Return the mark for a status."""
        sign, plain, colour = _MARKS.get(status, _GOING)
        return self.paint(plain if self._ascii else sign, colour)

    def fit(self, text: str, width: int | None) -> str:
        """Return as much of a text as that many columns have room for; all if there is no width."""
        return text if width is None else clipped(text, width)


def status_colour(status: str) -> str:
    """Return the colour for a status."""
    return _MARKS.get(status, _GOING)[2]


def clean(text: str) -> str:
    """Return a text of others on one line, without characters that would steer a terminal."""
    cut = text[:LONGEST] + ("…" if len(text) > LONGEST else "")
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut
    )


def columns(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    plain = _ESCAPES.sub("", text)
    if plain.isascii():
        return len(plain)
    return sum(_columns_of(char) for char in plain)


def padded(text: str, width: int) -> str:
    """Return a text with spaces behind it, as wide as a column."""
    return text + " " * (width - columns(text))


def clipped(text: str, width: int) -> str:
    """Return a text without colours that ends with an ellipsis if it is too wide."""
    if columns(text) <= width:
        return text
    taken = 0
    for index, char in enumerate(text):
        taken += _columns_of(char)
        if taken > width - 1:
            return text[:index] + ("…" if width > 0 else "")
    return text


def _columns_of(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _can_write(text: str, encoding: str | None) -> bool:
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
