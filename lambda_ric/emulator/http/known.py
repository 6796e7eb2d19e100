"""What applications remember about requests that repeat."""

from __future__ import annotations

from typing import TypeVar

from lambda_ric.wire.request import Request, keep

Meaning = TypeVar("Meaning")


class Known(dict[Request, Meaning]):
    """What follows from the heads of requests, for heads that come again and again.

    A meaning must follow from the head alone, and hold for as long as the application runs.
    """

    def keep(self, request: Request, meaning: Meaning) -> None:
        """Remember a meaning, if requests with this head repeat, within a limit."""
        if request.repeats:
            keep(self, request, meaning)
