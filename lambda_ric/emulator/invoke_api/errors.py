"""The errors with which the Invoke API refuses a request, before any function runs.

Source: the service model of the AWS SDKs, which also gives the spelling of each message's key.
"""

from __future__ import annotations

import re

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.http.routes import Handlers, allowed

_CHANGING = ("POST", "PUT", "PATCH", "DELETE")
_OF_AWS = re.compile(r"/20\d\d-\d\d-\d\d(/[^/?]+)+/?(\?.*)?")
"""The path of an operation of the Lambda API: the version of the API, then names."""


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


def unknown_operation(method: str, target: str) -> ApiError:
    """Return the error for an unknown path: of Lambda's own operations, not all are here."""
    if _OF_AWS.fullmatch(target):
        return _unsupported(method, target)
    message = (
        f"No operation at {target[:200]}; "
        "functions are invoked at /2015-03-31/functions/NAME/invocations"
    )
    return ApiError(404, "UnknownOperationException", message, key="Message")


def wrong_method(method: str, target: str, handlers: Handlers) -> ApiError:
    """Return the error for a known path with a method that it does not have."""
    if b"GET" in handlers and method in _CHANGING and _OF_AWS.fullmatch(target):
        return _unsupported(method, target)
    methods = allowed(handlers)
    message = f"{method} is not allowed here, only {methods}"
    return ApiError(
        405, "UnknownOperationException", message, key="Message", fields=(("Allow", methods),)
    )


def _unsupported(method: str, target: str) -> ApiError:
    """Return the error for an operation of Lambda that the emulator does not have."""
    message = (
        f"The emulator does not support {method} {target[:200]}: it serves the functions that it "
        "was started with, and its Lambda API is read-only"
    )
    return ApiError(501, "UnsupportedOperationException", message, key="Message")


def throttled() -> ApiError:
    """Return the error for an invoke beyond the concurrency of the function."""
    return ApiError(
        429,
        "TooManyRequestsException",
        "Rate Exceeded.",
        details={"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"},
        fields=(("Retry-After", "1"),),
    )
