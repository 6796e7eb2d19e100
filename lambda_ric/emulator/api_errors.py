"""How an API of the emulator refuses a request.

Source: the service model of the AWS SDKs, which also says how each error spells its message's key.
"""

from __future__ import annotations

import json

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.wire.runtime_api import JSON_TYPE


class ApiError(Exception):
    """A request that is refused; `error_type` is the exception that SDKs raise for it."""

    def __init__(
        self,
        status: int,
        error_type: str,
        message: str,
        *,
        key: str = "message",
        details: dict[str, str] | None = None,
        fields: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(message)
        self._status = status
        self._error_type = error_type
        self._key = key
        self._details = details or {}
        self._fields = fields

    def answer(self, exchange: Exchange, request_id: str) -> None:
        """Send it."""
        fault = "Service" if self._status >= 500 else "User"
        body = {**self._details, "Type": fault, self._key: str(self)}
        fields = (
            ("Content-Type", JSON_TYPE),
            ("x-amzn-RequestId", request_id),
            ("x-amzn-ErrorType", self._error_type),
            *self._fields,
        )
        exchange.respond(self._status, fields, json.dumps(body).encode())


def invalid_parameter(message: str) -> ApiError:
    """Return the error for an invalid parameter."""
    return ApiError(400, "InvalidParameterValueException", message)


def unknown_function(arn: str, known: list[str]) -> ApiError:
    """Return the error for a function that is not served here; it lists the served functions."""
    message = f"Function not found: {arn} (served here: {', '.join(known)})"
    return ApiError(404, "ResourceNotFoundException", message, key="Message")


def stopping() -> ApiError:
    """Return the error for an event that comes while the emulator stops."""
    return ApiError(503, "ServiceException", "The emulator is stopping.", key="Message")
