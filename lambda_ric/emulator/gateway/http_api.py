"""An HTTP API, in payload format 2.0 or 1.0.

Source: "Create AWS Lambda proxy integrations for HTTP APIs" in the API Gateway developer guide,
and recordings of the real service: it decodes paths, takes text that is not JSON for a body in
format 2.0, and has a content type of its own for an answer that says none.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from lambda_ric.emulator.gateway.answers import (
    TEXT_TYPE,
    Answer,
    Fields,
    InvalidAnswer,
    NotJson,
    body_of,
    compact,
    cookie_fields,
    json_answer,
    multi_fields,
    own_fields,
    parse,
    single_fields,
    status_of,
    with_type,
)
from lambda_ric.emulator.gateway.front_door import Call, FrontDoor, title_case
from lambda_ric.emulator.gateway.request import Identifiers
from lambda_ric.events.http_payloads import Resource, payload_1, payload_2
from lambda_ric.events.moment import Moment
from lambda_ric.wire.runtime_api import JSON_TYPE

_STAGE = "$default"
_NOT_SENT = frozenset(("content-length",))


class HttpApi(FrontDoor):
    """An HTTP API of payload format 2.0, at its default stage."""

    seconds = 30.0

    def event(self, call: Call) -> dict[str, Any]:
        """Return the event; cookies are in a list instead of their header field."""
        fields = call.received.fields
        cookies = [value for name, value in fields if name == "cookie"]
        if cookies:
            fields = [field for field in fields if field[0] != "cookie"]
        request = self.request(call, unquote(call.received.path), _with_length(fields, call))
        key = call.match.route.key
        event = payload_2(request, Moment(), self.api, call.ids.extended_id, route=key)
        if cookies:
            event["cookies"] = "; ".join(cookies).split("; ")
        if call.match.parameters:
            event["pathParameters"] = _decoded(call.match.parameters)
        return event

    def answer(self, payload: bytes) -> Answer:
        """Return the response; what has no status code, or is not JSON, is a body."""
        try:
            value = parse(payload)
        except NotJson:
            return Answer(200, [("Content-Type", JSON_TYPE)], payload)
        if not isinstance(value, dict) or "statusCode" not in value:
            return Answer(200, [("Content-Type", JSON_TYPE)], compact(value))
        fields = with_type(own_fields(single_fields(value)), TEXT_TYPE)
        return Answer(status_of(value), fields + cookie_fields(value), body_of(value))

    def fields(self, ids: Identifiers) -> Fields:
        """Return the identifier of the request."""
        return [("Apigw-Requestid", ids.extended_id)]

    def failed(self, error: InvalidAnswer | None = None) -> Answer:
        """Return 500."""
        return json_answer(500, '{"message":"Internal Server Error"}')

    def throttled(self) -> Answer:
        """Return 503."""
        return json_answer(503, '{"message":"Service Unavailable"}')

    def too_late(self) -> Answer:
        """Return 503."""
        return self.throttled()

    def too_large(self) -> Answer:
        """Return 413."""
        return json_answer(413, '{"message":"Request Entity Too Large"}')

    def no_route(self) -> Answer:
        """Return 404."""
        return json_answer(404, '{"message":"Not Found"}')


class HttpApi1(HttpApi):
    """An HTTP API of payload format 1.0."""

    def event(self, call: Call) -> dict[str, Any]:
        """Return the event: in the form of a REST API, with the version."""
        path = call.received.path
        request = self.request(call, path, title_case(_with_length(call.received.fields, call)))
        route = call.match.route
        resource = Resource(
            route.path, route.key, _STAGE, unquote(path), _decoded(call.match.parameters)
        )
        extended_id = call.ids.extended_id
        event = payload_1(
            request, Moment(), self.api, resource, request_id=extended_id, extended_id=extended_id
        )
        event["requestContext"]["identity"]["userAgent"] = request.agent or ""
        return {"version": "1.0", **event}

    def answer(self, payload: bytes) -> Answer:
        """Return the response; in this format a result must have a status code."""
        value = parse(payload)
        if not isinstance(value, dict):
            raise InvalidAnswer("it is not an object with a statusCode")
        fields = own_fields(single_fields(value) + multi_fields(value))
        return Answer(status_of(value), with_type(fields, TEXT_TYPE), body_of(value))


def _with_length(fields: Fields, call: Call) -> Fields:
    """Return fields that have the length of the body, which this front door always gives."""
    kept = [field for field in fields if field[0] not in _NOT_SENT]
    length = next((value for name, value in fields if name == "content-length"), None)
    if length is None and call.body:
        return fields
    return [("content-length", length or "0"), *kept]


def _decoded(parameters: dict[str, str]) -> dict[str, str]:
    return {name: unquote(value) for name, value in parameters.items()}
