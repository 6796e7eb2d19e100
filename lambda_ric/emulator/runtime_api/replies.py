"""The small JSON bodies of the APIs that processes of an environment speak to."""

from __future__ import annotations

import json
from collections.abc import Callable

from lambda_ric.emulator.http.exchange import Exchange, Whole
from lambda_ric.wire.runtime_api import JSON_TYPE

JSON = (("Content-Type", JSON_TYPE),)

_MAX_SMALL_BODY = 65_536


def refuse(exchange: Exchange, status: int, error_type: str, message: str) -> None:
    """Answer with an error, in the form of AWS's emulator."""
    error = {"errorMessage": message, "errorType": error_type}
    body = json.dumps(error, separators=(",", ":")).encode()
    exchange.respond(status, JSON, body + b"\n")


def small_body(exchange: Exchange, then: Callable[[bytes], None]) -> Whole:
    """Return the consumer that reads the whole body first, and refuses a large one."""

    def too_large(size: int) -> None:
        refuse(exchange, 403, "InvalidRequestFormat", f"{size} bytes are too many")

    return Whole(_MAX_SMALL_BODY, then, too_large)
