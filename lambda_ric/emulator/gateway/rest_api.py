"""A REST API with Lambda proxy integration: payload format 1.0.

Source: "Lambda proxy integrations in API Gateway" in the API Gateway developer guide, and
recordings of the real service. Its functions are found under the stage, and without it, as behind
a domain of its own. It takes all types but those of text for binary.
"""

from __future__ import annotations

from typing import Any

from lambda_ric.emulator.gateway.answers import (
    Answer,
    Fields,
    InvalidAnswer,
    NotJson,
    body_of,
    cookie_fields,
    json_answer,
    multi_fields,
    own_fields,
    parse,
    single_fields,
    status_of,
    with_type,
)
from lambda_ric.emulator.gateway.front_door import Call, FrontDoor, read_prelude, title_case
from lambda_ric.emulator.gateway.function_url import REMAPPED
from lambda_ric.emulator.gateway.request import Identifiers, Received
from lambda_ric.events.http_payloads import Resource, payload_1
from lambda_ric.events.identity import new_hex, new_name
from lambda_ric.events.moment import Moment
from lambda_ric.wire.runtime_api import JSON_TYPE

ERROR_TYPE = "x-amzn-ErrorType"

_MEMBERS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
_NOT_SENT = frozenset(("content-length",))


class RestApi(FrontDoor):
    """A REST API, at one stage."""

    seconds = 29.0
    resource_first = True

    def __init__(self, region: str, stage: str) -> None:
        super().__init__(region, stage)
        self._resource_ids: dict[str, str] = {}
        self._lineage = f"1:{new_hex(8)}:0"

    @property
    def root(self) -> str:
        """The path of the stage."""
        return f"/{self.stage}/"

    def path_of(self, received: Received) -> str:
        """Return the path without the stage."""
        stage = f"/{self.stage}"
        if received.path == stage:
            return "/"
        return received.path.removeprefix(stage) if self._has_stage(received) else received.path

    def event(self, call: Call) -> dict[str, Any]:
        """Return the event."""
        fields = [field for field in call.received.fields if field[0] not in _NOT_SENT]
        request = self.request(call, self.path_of(call.received), title_case(fields))
        template = call.match.route.path
        resource_id = self._resource_ids.setdefault(template, new_name(6))
        context_path = call.received.path
        resource = Resource(template, resource_id, self.stage, context_path, call.match.parameters)
        ids = call.ids
        return payload_1(
            request,
            Moment(),
            self.api,
            resource,
            request_id=ids.request_id,
            extended_id=ids.extended_id,
        )

    def answer(self, payload: bytes) -> Answer:
        """Return the response; a result may have no members but those of an answer."""
        value = parse(payload)
        if not isinstance(value, dict):
            raise InvalidAnswer("it is not an object with a statusCode")
        status = status_of(value)
        unknown = sorted(value.keys() - _MEMBERS)
        if unknown:
            raise InvalidAnswer(f"it has a member that a REST API does not know: {unknown[0]!r}")
        return Answer(status, _fields(value, JSON_TYPE), body_of(value))

    def head(self, prelude: bytes) -> Answer:
        """Return the head of a stream."""
        head = read_prelude(prelude)
        fields = _fields(head, "application/octet-stream") + cookie_fields(head)
        return Answer(status_of(head), fields)

    def fields(self, ids: Identifiers) -> Fields:
        """Return the identifiers of the request."""
        return [
            ("x-amzn-RequestId", ids.request_id),
            ("x-amz-apigw-id", ids.extended_id),
        ]

    def trace_fields(self, ids: Identifiers, answer: Fields) -> Fields:
        """Return the trace, which the errors of API Gateway itself do not name."""
        if any(name == ERROR_TYPE for name, _ in answer):
            return []
        return [("X-Amzn-Trace-Id", f"{ids.trace_id};Lineage={self._lineage}")]

    def failed(self, error: InvalidAnswer | None = None) -> Answer:
        """Return 502; the text for a result that is not JSON has no blank."""
        if isinstance(error, NotJson):
            return json_answer(502, '{"message":"Internal server error"}')
        return _error(502, "Internal server error", "InternalServerErrorException")

    def throttled(self) -> Answer:
        """Return 500: what Lambda refuses is an error of the integration."""
        return _error(500, "Internal server error", "InternalServerErrorException")

    def too_late(self) -> Answer:
        """Return 504."""
        return _error(504, "Endpoint request timed out", "InternalServerErrorException")

    def too_large(self) -> Answer:
        """Return 413."""
        return _error(413, "Request Too Long", "RequestTooLargeException")

    def no_route(self) -> Answer:
        """Return 403, as for a request that should have been signed."""
        return json_answer(
            403,
            '{"message":"Missing Authentication Token"}',
            (ERROR_TYPE, "MissingAuthenticationTokenException"),
        )

    def _has_stage(self, received: Received) -> bool:
        return received.path.startswith(f"/{self.stage}/")


def _fields(answer: dict[str, Any], content_type: str) -> Fields:
    """Return lists of values first; a value that stands alone too is sent once."""
    multi = multi_fields(answer)
    known = {(name.lower(), value) for name, value in multi}
    single = [
        (name, value) for name, value in single_fields(answer) if (name.lower(), value) not in known
    ]
    return with_type(own_fields(multi + single, REMAPPED), content_type)


def _error(status: int, message: str, error_type: str) -> Answer:
    text = f'{{"message": "{message}"}}'
    return json_answer(status, text, (ERROR_TYPE, error_type))
