"""The errors with which the Invoke API refuses a request, before any function runs.

Source: the service model of the AWS SDKs, which also gives the spelling of each message's key.
"""

from __future__ import annotations

from lambda_ric.emulator.api_errors import ApiError


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
