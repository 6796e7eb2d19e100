"""Phrases for counts and suggestions in messages."""

from __future__ import annotations

from collections.abc import Iterable


def counted(number: int, noun: str) -> str:
    """Return "1 error", "2 errors"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def meant(word: str, possible: Iterable[str]) -> str:
    """Return "; did you mean X?" for the word most similar to the given one, or ""."""
    from difflib import get_close_matches  # few commands have such a mistake to explain

    close = get_close_matches(word, list(possible), 1)
    return f"; did you mean {close[0]}?" if close else ""
