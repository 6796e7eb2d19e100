"""Says why a text is not JSON, in the words of simplejson, which AWS's client reports.

Only the texts that failed to parse come here, so this is written to be clear, not to be fast.
"""

from __future__ import annotations

import re

_BLANK = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_PLAIN_TEXT = re.compile(r'[^"\\\x00-\x1f]*')
_FOUR_HEX_DIGITS = re.compile(r"[0-9a-fA-F]{4}")
_LITERALS = ("null", "true", "false")


class _SyntaxError(Exception):
    """An error and its place."""

    def __init__(self, message: str, at: int, end: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.end = end


def explain(text: str) -> str:
    """Return the first error of a text and its place."""
    start = 1 if text[:1] == "\ufeff" else 0
    try:
        end = _skip_blank(text, _value(text, _skip_blank(text, start)))
        if end != len(text):
            raise _SyntaxError("Extra data", end, len(text))
    except _SyntaxError as error:
        place = _place(text, error.at)
        if error.end is None:
            return f"{error.message}: {place} (char {error.at})"
        return (
            f"{error.message}: {place} - {_place(text, error.end)} (char {error.at} - {error.end})"
        )
    return "Expecting value: line 1 column 1 (char 0)"


def _place(text: str, at: int) -> str:
    line = text.count("\n", 0, at) + 1
    return f"line {line} column {at - text.rfind(chr(10), 0, at)}"


def _skip_blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int) -> int:
    """Return where the value that begins at an index ends."""
    first = text[at : at + 1]
    if first == '"':
        return _string(text, at)
    if first == "{":
        return _object(text, at)
    if first == "[":
        return _array(text, at)
    for literal in _LITERALS:
        if text.startswith(literal, at):
            return at + len(literal)
    number = _NUMBER.match(text, at)
    if number is None:
        raise _SyntaxError("Expecting value", at)
    return number.end()


def _object(text: str, at: int) -> int:
    at = _skip_blank(text, at + 1)
    if text[at : at + 1] == "}":
        return at + 1
    if text[at : at + 1] != '"':
        raise _SyntaxError("Expecting property name enclosed in double quotes or '}'", at)
    while True:
        at = _skip_blank(text, _string(text, at))
        if text[at : at + 1] != ":":
            raise _SyntaxError("Expecting ':' delimiter", at)
        at = _skip_blank(text, _value(text, _skip_blank(text, at + 1)))
        if text[at : at + 1] == "}":
            return at + 1
        if text[at : at + 1] != ",":
            raise _SyntaxError("Expecting ',' delimiter or '}'", at)
        comma, at = at, _skip_blank(text, at + 1)
        if text[at : at + 1] == "}":
            raise _SyntaxError("Illegal trailing comma before end of object", comma)
        if text[at : at + 1] != '"':
            raise _SyntaxError("Expecting property name enclosed in double quotes", at)


def _array(text: str, at: int) -> int:
    at = _skip_blank(text, at + 1)
    if text[at : at + 1] == "]":
        return at + 1
    if at == len(text):
        raise _SyntaxError("Expecting value or ']'", at)
    while True:
        at = _skip_blank(text, _value(text, at))
        if text[at : at + 1] == "]":
            return at + 1
        if text[at : at + 1] != ",":
            raise _SyntaxError("Expecting ',' delimiter or ']'", at)
        comma, at = at, _skip_blank(text, at + 1)
        if text[at : at + 1] == "]":
            raise _SyntaxError("Illegal trailing comma before end of array", comma)


def _string(text: str, start: int) -> int:
    at = start + 1
    while True:
        plain = _PLAIN_TEXT.match(text, at)
        at = plain.end() if plain else at
        character = text[at : at + 1]
        if character == '"':
            return at + 1
        if character == "":
            raise _SyntaxError("Unterminated string starting at", start)
        if character != "\\":
            raise _SyntaxError(f"Invalid control character {character!r} at", at)
        at = _escape(text, at, start)


def _escape(text: str, at: int, start: int) -> int:
    character = text[at + 1 : at + 2]
    if character == "":
        raise _SyntaxError("Unterminated string starting at", start)
    if character == "u":
        if not _FOUR_HEX_DIGITS.match(text, at + 2):
            raise _SyntaxError("Invalid \\uXXXX escape sequence", at)
        return at + 6
    if character not in '"\\/bfnrt':
        raise _SyntaxError(f"Invalid \\X escape sequence {character!r}", at + 1)
    return at + 2
