"""The time of day as HTTP writes it."""

from __future__ import annotations

import time
from functools import lru_cache


def http_date() -> str:
    """Return the present time for a Date field."""
    return _date(int(time.time()))


@lru_cache(maxsize=1)
def _date(seconds: int) -> str:
    from email.utils import formatdate  # only some responses have a date

    return formatdate(seconds, usegmt=True)
