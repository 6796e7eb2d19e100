"""Times and durations, as people write and read them."""

from __future__ import annotations

import re
import time
from datetime import datetime

from lambda_ric.cli.argument_types import WrongValue

_AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_UNITS = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}


def moment(text: str) -> float:
    """Read a date and time, or an age such as 10m or 2d; returns seconds since the epoch.

    A time without a zone is local. Raises WrongValue.
    """
    age = _AGE.fullmatch(text.strip())
    if age:
        return time.time() - float(age[1]) * _UNITS[age[2]]
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    except (ValueError, OverflowError, OSError):
        raise WrongValue(
            f"{text!r} is neither a time such as 2026-01-31T12:00 nor an age such as 10m"
        ) from None


def date_and_time(seconds: float) -> str:
    """Return a time of day in the local time zone."""
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M:%S")


def duration(seconds: float) -> str:
    """Return a duration in its two largest units."""
    if seconds < 0.9995:
        return f"{max(0.0, seconds) * 1_000:.0f} ms"
    if seconds < 9.995:
        return f"{seconds:.2f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s"
    for name, size, smaller, unit in (
        ("min", 3_600, "s", 60),
        ("h", 86_400, "min", 3_600),
        ("d", None, "h", 86_400),
    ):
        if size is None or whole < size:
            parts = {"s": 1, "min": 60, "h": 3_600}
            rest = whole % unit // parts[smaller]
            return f"{whole // unit} {name}" + (f" {rest} {smaller}" if rest else "")
    raise AssertionError("days have no upper end")
