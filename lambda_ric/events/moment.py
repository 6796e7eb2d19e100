"""One moment in all the notations of AWS, so that the times within one event agree."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone


class Moment:
    """A moment in UTC, by default now; `seconds` is since the epoch, with milliseconds."""

    def __init__(self, seconds: float | None = None) -> None:
        now = time.time() if seconds is None else seconds
        self.milliseconds = int(now * 1000)
        self.seconds = self.milliseconds / 1000

    def earlier(self, seconds: float) -> Moment:
        """Return the moment that many seconds before this one."""
        return Moment(self.seconds - seconds)

    @property
    def iso(self) -> str:
        """Like 2026-03-01T12:00:00.250Z."""
        return f"{self._datetime:%Y-%m-%dT%H:%M:%S}.{self.milliseconds % 1000:03d}Z"

    @property
    def iso_seconds(self) -> str:
        """Like 2026-03-01T12:00:00Z."""
        return f"{self._datetime:%Y-%m-%dT%H:%M:%SZ}"

    @property
    def request_time(self) -> str:
        """Like 01/Mar/2026:12:00:00 +0000, as API Gateway writes it whatever the locale."""
        now = self._datetime
        return f"{now:%d}/{_MONTHS[now.month - 1]}/{now:%Y:%H:%M:%S} +0000"

    @property
    def mail_date(self) -> str:
        """Like Sun, 01 Mar 2026 12:00:00 +0000, as mail headers have it."""
        now = self._datetime
        day, month = _DAYS[now.weekday()], _MONTHS[now.month - 1]
        return f"{day}, {now:%d} {month} {now:%Y %H:%M:%S} +0000"

    @property
    def _datetime(self) -> datetime:
        return _EPOCH + timedelta(milliseconds=self.milliseconds)


_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
