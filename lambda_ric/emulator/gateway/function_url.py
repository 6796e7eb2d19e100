"""A function URL: payload format 2.0.

Source: "Invoking Lambda function URLs" in the Lambda developer guide, and recordings of the real
service, which passes the path on as it was sent and writes a string without its quotes.
"""

from __future__ import annotations

from typing import Any

from lambda_ric.emulator.gateway.answers import (
    Answer,
    Fields,
    InvalidAnswer,
    body_of,
    compact,
    cookie_fields,
    json_answer,
    own_fields,
    parse,
    single_fields,
    status_of,
    with_type,
)
from lambda_ric.emulator.gateway.front_door import MEBIBYTE, Call, FrontDoor, read_prelude
from lambda_ric.emulator.gateway.request import Identifiers
from lambda_ric.events.http_payloads import payload_2
from lambda_ric.events.identity import new_name
from lambda_ric.events.moment import Moment
from lambda_ric.wire.runtime_api import JSON_TYPE

REMAPPED = frozenset(("connection", "date", "server", "www-authenticate"))
"""Fields of a function that go out as `x-amzn-remapped-…`."""

_TLS = [
    ("x-amzn-tls-cipher-suite", "TLS_AES_128_GCM_SHA256"),
    ("x-amzn-tls-version", "TLSv1.3"),
]


class FunctionUrl(FrontDoor):
    """A function URL without authentication."""

    max_body = 6 * MEBIBYTE

    def __init__(self, region: str, stage: str) -> None:
        super().__init__(region, stage)
        self.api = new_name(32)

    @property
    def domain(self) -> str:
        """The domain that it would have at AWS."""
        return f"{self.api}.lambda-url.{self.region}.on.aws"

    def event(self, call: Call) -> dict[str, Any]:
        """Return the event; cookies are in a list, and in their header field too."""
        request = self.request(call, call.received.path, call.received.fields + _TLS)
        event = payload_2(request, Moment(), self.api, call.ids.request_id, account="anonymous")
        if "cookie" in request.headers:
            event["cookies"] = "; ".join(request.header_lists["cookie"]).split("; ")
        return event

    def answer(self, payload: bytes) -> Answer:
        """Return the response; a result without a status code is a body."""
        value = parse(payload)
        if not isinstance(value, dict) or "statusCode" not in value:
            return Answer(200, [("Content-Type", JSON_TYPE)], compact(value))
        return Answer(status_of(value), _fields(value, JSON_TYPE), body_of(value))

    def head(self, prelude: bytes) -> Answer:
        """Return the head of a stream."""
        head = read_prelude(prelude)
        return Answer(status_of(head), _fields(head, "application/octet-stream"))

    def fields(self, ids: Identifiers) -> Fields:
        """Return the identifier of the request."""
        return [("x-amzn-RequestId", ids.request_id)]

    def trace_fields(self, ids: Identifiers, answer: Fields) -> Fields:
        """Return the trace."""
        return [("X-Amzn-Trace-Id", ids.trace_id)]

    def failed(self, error: InvalidAnswer | None = None) -> Answer:
        """Return 502, with Lambda's own text."""
        return Answer(502, [("Content-Type", JSON_TYPE)], b"Internal Server Error")

    def throttled(self) -> Answer:
        """Return 429, as the Invoke API does."""
        text = (
            '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Type":"User",'
            '"message":"Rate Exceeded."}'
        )
        return json_answer(429, text, ("x-amzn-ErrorType", "TooManyRequestsException"))

    def too_large(self) -> Answer:
        """Return 413."""
        text = '{"message":"Request must be smaller than 6291456 bytes"}'
        return json_answer(413, text, ("x-amzn-ErrorType", "RequestEntityTooLargeException"))


def _fields(answer: dict[str, Any], content_type: str) -> Fields:
    fields = own_fields(single_fields(answer), REMAPPED)
    return with_type(fields, content_type) + cookie_fields(answer)
