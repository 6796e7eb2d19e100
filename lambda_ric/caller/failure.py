"""A failure of the function as its caller sees it: the report of an error, and what to make of it.

Source: "Function errors" in the AWS Lambda developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class HandlerFailed(Exception):
    """The handler, or the process around it, failed; `error` is the report that Lambda has.

    The report has an errorType and an errorMessage, and after an exception a stackTrace.
    """

    def __init__(self, error: Mapping[str, Any]) -> None:
        stack = error.get("stackTrace") or []
        lines = [summary(error)]
        if isinstance(stack, list) and stack:
            lines += ["Stack trace (most recent call last):", *(str(entry) for entry in stack)]
        super().__init__("\n".join(line.rstrip("\n") for line in lines))
        self.error = dict(error)


class FailurePayload(dict[str, Any]):
    """The report of an error where a result was expected: a missing key says what happened."""

    def __missing__(self, key: object) -> Any:
        raise KeyError(f"{key!r} is not in the result: the function failed with {summary(self)}")


def summary(error: Mapping[str, Any]) -> str:
    """Return type and message of an error in one line."""
    parts = (error.get("errorType"), error.get("errorMessage"))
    return ": ".join(str(part) for part in parts if part) or "an error"
