"""What all front doors have in common: a request becomes an event, a result a response."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any, NamedTuple

from lambda_ric.emulator.gateway.answers import Answer, Fields, InvalidAnswer
from lambda_ric.emulator.gateway.request import Identifiers, Received
from lambda_ric.emulator.gateway.routes import Match
from lambda_ric.events.http_request import HttpRequest
from lambda_ric.events.identity import new_name

MEBIBYTE = 1_048_576

MAX_PRELUDE = 16_384
"""Largest prelude of a stream in bytes."""


class Call(NamedTuple):
    """One request on its way through a front door."""

    received: Received
    match: Match
    ids: Identifiers
    body: str
    is_base64: bool


class FrontDoor(ABC):
    """One kind of front door. `region` is that of its functions, `stage` that of its API."""

    max_body = 10 * MEBIBYTE
    """Largest body of a request in bytes."""

    seconds: float | None = None
    """Seconds after which it does not wait for the function any more."""

    resource_first = False
    """Whether a path is chosen before the method is looked at."""

    def __init__(self, region: str, stage: str) -> None:
        self.region = region
        self.stage = stage
        self.api = new_name(10)

    @property
    def root(self) -> str:
        """The path under which a client finds its functions."""
        return "/"

    @property
    def domain(self) -> str:
        """The domain that it would have at AWS."""
        return f"{self.api}.execute-api.{self.region}.amazonaws.com"

    def path_of(self, received: Received) -> str:
        """Return the path that routes are looked up by."""
        return received.path

    @abstractmethod
    def event(self, call: Call) -> dict[str, Any]:
        """Return the event for the function."""

    @abstractmethod
    def answer(self, payload: bytes) -> Answer:
        """Return the response that a result stands for. Raises InvalidAnswer."""

    def head(self, prelude: bytes) -> Answer:
        """Return the head of a streamed response. Raises InvalidAnswer."""
        raise InvalidAnswer("this front door does not stream")

    @abstractmethod
    def fields(self, ids: Identifiers) -> Fields:
        """Return the fields that every response has."""

    def trace_fields(self, ids: Identifiers, answer: Fields) -> Fields:
        """Return the field that names the trace of a response with these fields."""
        return []

    # Answers of its own.

    @abstractmethod
    def failed(self, error: InvalidAnswer | None = None) -> Answer:
        """Return the response for a function that failed, or whose result is no answer."""

    @abstractmethod
    def throttled(self) -> Answer:
        """Return the response for a request that no environment can take."""

    @abstractmethod
    def too_large(self) -> Answer:
        """Return the response for a request that is too large."""

    def no_route(self) -> Answer:
        """Return the response for a request without a route, if requests can be without one."""
        return self.failed()

    def too_late(self) -> Answer:
        """Return the response for a function that takes too long, if there is a limit."""
        return self.failed()

    def request(self, call: Call, path: str, fields: Fields) -> HttpRequest:
        """Return a request as the builders of events take it."""
        return HttpRequest(
            call.received.method,
            path,
            self.domain,
            query=call.received.query,
            fields=fields,
            body=call.body,
            is_base64=call.is_base64,
            client=call.received.client,
        )


def read_prelude(prelude: bytes) -> dict[str, Any]:
    """Return the prelude of a stream. Raises InvalidAnswer."""
    try:
        head = json.loads(prelude)
    except (ValueError, RecursionError):
        raise InvalidAnswer("the prelude of its stream is not JSON") from None
    if not isinstance(head, dict):
        raise InvalidAnswer("the prelude of its stream is not an object")
    return {"statusCode": 200, **head}


def title_case(fields: Fields) -> Fields:
    """Return fields with their names as clients write them: `Content-Type`."""
    return [("-".join(map(str.capitalize, name.split("-"))), value) for name, value in fields]
