"""Types of command-line arguments; all but `whole` raise WrongValue for what they cannot read."""

from __future__ import annotations

import argparse
import re

_NAME = re.compile(r"[a-zA-Z0-9-_]{1,64}")


class WrongValue(argparse.ArgumentTypeError, ValueError):
    """The text is not what an option takes; the message says what it takes."""


def whole(text: str) -> int | None:
    """Read a whole number; None for any other text."""
    try:
        return int(text)
    except ValueError:
        return None


def count(text: str) -> int:
    """Read a whole number above 0."""
    number = whole(text)
    if number is None or number < 1:
        raise WrongValue(f"{text!r} is not a whole number above 0")
    return number


def seconds(text: str) -> float:
    """Read a time above 0."""
    number = delay(text)
    if number == 0:
        raise WrongValue(f"{text!r} is not a number of seconds above 0")
    return number


def delay(text: str) -> float:
    """Read a time of 0 or more."""
    try:
        number = float(text)
    except ValueError:
        number = -1
    if not 0 <= number < 1_000_000:
        raise WrongValue(f"{text!r} is not a number of seconds")
    return number


def port(text: str) -> int:
    """Read a port number; 0 means any free port."""
    number = whole(text)
    if number is None or not 0 <= number <= 65_535:
        raise WrongValue(f"{text!r} is not a port from 0 to 65535")
    return number


def address(text: str) -> tuple[str, int]:
    """Read `host:port`, where an empty host means all interfaces."""
    host, colon, number = text.rpartition(":")
    if not colon:
        raise WrongValue(f"{text!r} is not HOST:PORT")
    return host.strip("[]") or "0.0.0.0", port(number)


def function_name(text: str) -> str:
    """Read the name of a function."""
    if not _NAME.fullmatch(text):
        raise WrongValue(f"{text!r} is not a name of letters, digits, - and _, at most 64")
    return text
