"""The record of an asynchronous invoke, as a destination gets it.

Source: recordings of the real service; "Capturing records of Lambda asynchronous invocations" in
the AWS Lambda developer guide.
"""

from __future__ import annotations

import json

from lambda_ric.emulator.invoke import UNHANDLED
from lambda_ric.emulator.log.platform_events import timestamp
from lambda_ric.emulator.scheduling.async_queue import Ending

_COLONS_OF_AN_ARN = 6


def record_of(ending: Ending, wall_time: float) -> bytes:
    """Return the record; the payloads are in it as they were sent, byte for byte."""
    invocation = ending.invocation
    arn = invocation.function_arn
    if arn.count(":") <= _COLONS_OF_AN_ARN:
        arn = f"{arn}:{ending.version}"
    members = {
        "version": b'"1.0"',
        "timestamp": _json(timestamp(wall_time)),
        "requestContext": _json(
            {
                "requestId": invocation.request_id,
                "functionArn": arn,
                "condition": ending.condition.value,
                "approximateInvokeCount": ending.attempts,
            }
        ),
        "requestPayload": invocation.payload,
    }
    outcome = ending.outcome
    if outcome is not None:
        context = {"statusCode": 200, "executedVersion": ending.version}
        if outcome.error_type is not None:
            context["functionError"] = UNHANDLED
        members["responseContext"] = _json(context)
        members["responsePayload"] = _payload(outcome.payload)
    body = b",".join(b'"%b":%b' % (name.encode(), text) for name, text in members.items())
    return b"{%b}" % body


def _payload(payload: bytes) -> bytes:
    """Return a response as JSON: as it is, or a text that is not JSON as a string."""
    text = payload.decode("utf-8", "replace")
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return _json(text)
    return text.encode()


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
