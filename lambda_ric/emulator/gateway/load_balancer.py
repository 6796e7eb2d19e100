"""An Application Load Balancer whose target is a function, with or without multi-value headers.

Source: "Lambda functions as targets" in the Application Load Balancers guide.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from lambda_ric.emulator.gateway.answers import (
    Answer,
    Fields,
    InvalidAnswer,
    body_of,
    multi_fields,
    own_fields,
    parse,
    single_fields,
    status_of,
    with_type,
)
from lambda_ric.emulator.gateway.front_door import MEBIBYTE, Call, FrontDoor
from lambda_ric.emulator.gateway.request import Identifiers
from lambda_ric.events.http_payloads import load_balancer
from lambda_ric.events.identity import arn, new_hex

MAX_RESULT = MEBIBYTE
"""Largest result of a function in bytes."""


class LoadBalancer(FrontDoor):
    """A load balancer; with `multi_value`, fields and query come and go as lists."""

    max_body = MEBIBYTE

    multi_value = False

    def __init__(self, region: str, stage: str) -> None:
        super().__init__(region, stage)
        name = f"targetgroup/lambda/{new_hex(16)}"
        self._target_group = arn("elasticloadbalancing", name, region=region)

    def event(self, call: Call) -> dict[str, Any]:
        """Return the event."""
        request = self.request(call, call.received.path, call.received.fields)
        return load_balancer(request, self._target_group, multi_value=self.multi_value)

    def answer(self, payload: bytes) -> Answer:
        """Return the response; the other kind of headers is not looked at."""
        if len(payload) > MAX_RESULT:
            raise InvalidAnswer(f"it has {len(payload)} bytes; a load balancer takes 1 MB")
        value = parse(payload)
        if not isinstance(value, dict):
            raise InvalidAnswer("it is not an object with a statusCode")
        fields = multi_fields(value) if self.multi_value else single_fields(value)
        body = body_of(value)
        if body:
            fields = with_type(fields, "application/octet-stream")
        return Answer(status_of(value), own_fields(fields), body)

    def fields(self, ids: Identifiers) -> Fields:
        """Return what load balancers call themselves."""
        return [("Server", "awselb/2.0")]

    def failed(self, error: InvalidAnswer | None = None) -> Answer:
        """Return 502."""
        return _page(502)

    def throttled(self) -> Answer:
        """Return 502."""
        return _page(502)

    def too_large(self) -> Answer:
        """Return 413."""
        return _page(413)


class MultiValueLoadBalancer(LoadBalancer):
    """A load balancer with multi-value headers."""

    multi_value = True


def _page(status: int) -> Answer:
    title = f"{status} {HTTPStatus(status).phrase}"
    text = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
        f"<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return Answer(status, [("Content-Type", "text/html")], text.encode())
