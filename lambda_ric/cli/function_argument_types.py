"""Types of the arguments that describe a function; each raises WrongValue for other text."""

from __future__ import annotations

from lambda_ric.cli.argument_types import WrongValue, whole
from lambda_ric.emulator.destination import parse_destination
from lambda_ric.emulator.function import EVENT_AGES, MOST_RETRIES

LEAST_MEMORY, MOST_MEMORY = 128, 10_240
"""How much memory a function can have, in MB (Lambda developer guide, "Lambda quotas")."""


def memory(text: str) -> int:
    """Read an amount of memory in MB, as much as a function can have in Lambda."""
    number = whole(text)
    if number is None or not LEAST_MEMORY <= number <= MOST_MEMORY:
        raise WrongValue(f"{text!r} is not a number of MB from {LEAST_MEMORY} to {MOST_MEMORY}")
    return number


def retry_attempts(text: str) -> int:
    """Read how often a failed Event invoke is retried."""
    number = whole(text)
    if number is None or not 0 <= number <= MOST_RETRIES:
        raise WrongValue(f"{text!r} is not a number from 0 to {MOST_RETRIES}")
    return number


def event_age(text: str) -> int:
    """Read the maximum age of an event in seconds."""
    number = whole(text)
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
