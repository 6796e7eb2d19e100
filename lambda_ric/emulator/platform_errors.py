"""The errors that callers get when the platform, and not the function, ends an invocation.

The texts are Lambda's own, so that programs which read them in production work here too.
"""

from __future__ import annotations

import json

from lambda_ric.emulator.invoke import Outcome
from lambda_ric.wire.runtime_api import MAX_RESPONSE

TIMED_OUT = "Sandbox.Timedout"
EXITED = "Runtime.ExitError"
INVALID_ENTRYPOINT = "Runtime.InvalidEntrypoint"
OUT_OF_MEMORY = "Runtime.OutOfMemory"
TRUNCATED = "Runtime.TruncatedResponse"
TOO_LARGE = "Function.ResponseSizeTooLarge"
EXTENSION_CRASHED = "Extension.Crash"
EXTENSION_NOT_STARTED = "Extension.LaunchError"
STOPPED = "Sandbox.Failure"

TOO_LARGE_FOR_RUNTIME = f"Exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)."


def body(error_type: str, message: str) -> bytes:
    """Return the JSON body of an error."""
    return json.dumps(
        {"errorType": error_type, "errorMessage": message}, separators=(",", ":")
    ).encode()


def about(request_id: str, error_type: str, message: str) -> bytes:
    """Return the body of an error that names the invocation, as most do."""
    return body(error_type, f"RequestId: {request_id} Error: {message}")


def timed_out(seconds: float) -> str:
    """Return the message for an invocation that took longer than its timeout."""
    return f"Task timed out after {seconds:.2f} seconds"


def too_large() -> bytes:
    """Return the body of the error for a response that is too large."""
    message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE} bytes)."
    error = {"errorMessage": message, "errorType": TOO_LARGE}  # in this order, as recorded
    return json.dumps(error, separators=(",", ":")).encode()


def stopped(request_id: str) -> Outcome:
    """Return the outcome of an invoke that was waiting when the emulator stopped."""
    return Outcome(about(request_id, STOPPED, "the emulator was stopped"), STOPPED, "failure")


def emulator_failed(request_id: str) -> Outcome:
    """Return the outcome of an invoke when the emulator itself has failed; its log says why."""
    message = "the emulator failed; see its log"
    return Outcome(about(request_id, STOPPED, message), STOPPED, "failure")
