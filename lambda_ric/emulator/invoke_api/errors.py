"""The errors with which the Invoke API refuses a request, before any function runs.

Source: the service model of the AWS SDKs, which also gives the spelling of each message's key.
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
        body = {"Type": fault, self._key: str(self), **self._details}
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


def invalid_content(message: str) -> ApiError:
    """Return the error for a payload, or a client context, that is not JSON."""
    return ApiError(400, "InvalidRequestContentException", message)


def too_large(size: int, invocation_type: str, limit: int) -> ApiError:
    """Return the error for a payload of more bytes than the invocation type allows."""
    return ApiError(
        413,
        "RequestTooLargeException",
        f"{size} byte payload is too large for the {invocation_type} invocation type "
        f"(limit {limit} bytes)",
    )


def unknown_function(arn: str, known: list[str]) -> ApiError:
    """Return the error for a function that is not served here; it lists the served functions."""
    message = f"Function not found: {arn} (served here: {', '.join(known)})"
    return ApiError(404, "ResourceNotFoundException", message, key="Message")


def unknown_operation(target: str) -> ApiError:
    """Return the error for an unknown path."""
    message = (
        f"No operation at {target[:200]}; "
        "functions are invoked at /2015-03-31/functions/NAME/invocations"
    )
    return ApiError(404, "UnknownOperationException", message, key="Message")


def wrong_method(method: str, allowed: str) -> ApiError:
    """Return the error for a known path with a method that it does not have."""
    message = f"{method} is not allowed here, only {allowed}"
    return ApiError(
        405, "UnknownOperationException", message, key="Message", fields=(("Allow", allowed),)
    )


def throttled() -> ApiError:
    """Return the error for an invoke beyond the concurrency of the function."""
    return ApiError(
        429,
        "TooManyRequestsException",
        "Rate Exceeded.",
        details={"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"},
        fields=(("Retry-After", "1"),),
    )


def stopping() -> ApiError:
    """Return the error for an event that arrives while the emulator stops."""
    return ApiError(503, "ServiceException", "The emulator is stopping.", key="Message")
