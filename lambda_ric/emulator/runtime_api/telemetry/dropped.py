"""How much of the telemetry a subscriber does not get."""

from __future__ import annotations

from typing import NamedTuple


class Dropped(NamedTuple):
    """Events that the subscriber does not get, and their bytes."""

    records: int = 0
    size: int = 0

    def and_also(self, records: int, size: int) -> Dropped:
        """Return the sum."""
        return Dropped(self.records + records, self.size + size)


NOTHING = Dropped()
