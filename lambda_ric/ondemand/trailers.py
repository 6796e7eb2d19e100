"""The two trailers that carry the error of a response that has already begun.

AWS's Runtime API is written in Go, whose HTTP server takes no more than 4096 bytes of trailers: it
drops the connection over one more byte, and the invocation is lost with it (seen with AWS's runtime
interface emulator). The log always has the complete report.
"""

from __future__ import annotations

from base64 import b64encode

from lambda_ric.wire.runtime_api import FUNCTION_ERROR_BODY, FUNCTION_ERROR_TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.ondemand.report import Report

MAX_BODY = 2700
"""Largest error body in bytes; in base64 and with the names around it, it stays under 4096."""

MAX_TYPE = 200
"""Longest error type in characters."""


def error_trailers(report: Report, request_id: str) -> list[tuple[str, str]]:
    """Return the trailers for a report, cut to the available room.

    The start of the stack is cut first, then the end of the message.
    """
    error_type = report.error_type if report.error_type.isprintable() else "Unknown"
    if "." not in error_type:
        error_type = f"Function.{error_type}"  # the platform knows no other form
    body = b64encode(_fitting_body(report, request_id)).decode()
    return [(FUNCTION_ERROR_TYPE, error_type[:MAX_TYPE]), (FUNCTION_ERROR_BODY, body)]


def _fitting_body(report: Report, request_id: str) -> bytes:
    report.error_type = report.error_type[:MAX_TYPE]
    while len(body := report.body(request_id)) > MAX_BODY:
        if report.stack_trace:
            del report.stack_trace[0]
        else:
            report.message = report.message[: len(report.message) * 2 // 3]
    return body
