"""Types of command-line arguments; each raises WrongValue for text that it cannot read."""

from __future__ import annotations

import argparse
import re

from lambda_ric.emulator.destination import parse_destination
from lambda_ric.emulator.function import EVENT_AGES, MOST_RETRIES

_NAME = re.compile(r"[a-zA-Z0-9-_]{1,64}")

LEAST_MEMORY, MOST_MEMORY = 128, 10_240
"""How much memory a function can have, in MB (Lambda developer guide, "Lambda quotas")."""


class WrongValue(argparse.ArgumentTypeError, ValueError):
    """The text is not what an option takes; the message says what it takes."""


def count(text: str) -> int:
    """Read a whole number above 0."""
    number = _whole(text)
    if number is None or number < 1:
        raise WrongValue(f"{text!r} is not a whole number above 0")
    return number


def memory(text: str) -> int:
    """Read an amount of memory in MB, as much as a function can have in Lambda."""
    number = _whole(text)
    if number is None or not LEAST_MEMORY <= number <= MOST_MEMORY:
        raise WrongValue(f"{text!r} is not a number of MB from {LEAST_MEMORY} to {MOST_MEMORY}")
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


def retry_attempts(text: str) -> int:
    """Read how often a failed Event invoke is retried."""
    number = _whole(text)
    if number is None or not 0 <= number <= MOST_RETRIES:
        raise WrongValue(f"{text!r} is not a number from 0 to {MOST_RETRIES}")
    return number


def event_age(text: str) -> int:
    """Read the maximum age of an event in seconds."""
    number = _whole(text)
    least, most = EVENT_AGES
    if number is None or not least <= number <= most:
        raise WrongValue(f"{text!r} is not a number of seconds from {least} to {most}")
    return number


def destination(text: str) -> str:
    """Read where the records of Event invokes go."""
    try:
        parse_destination(text)
    except ValueError as error:
        raise WrongValue(str(error)) from None
    return text


def port(text: str) -> int:
    """Read a port number; 0 means any free port."""
    number = _whole(text)
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


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None
