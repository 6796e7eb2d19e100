"""The part of the Extensions API that extensions inside the runtime's process need.

A runtime that registers an extension is asked to end by SIGTERM, which is why most register one.
An extension that subscribes to INVOKE is also sent each invocation.

Source: "Lambda Extensions API" in the AWS Lambda developer guide.
"""

from __future__ import annotations

import json
import uuid
from typing import Any

from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.http.exchange import Exchange, Whole
from lambda_ric.wire.runtime_api import JSON_TYPE, Invocation

REGISTER = "/2020-01-01/extension/register"
EVENT_NEXT = "/2020-01-01/extension/event/next"

MAX_EXTENSIONS = 10
_MAX_REGISTRATION = 65_536


class Extensions:
    """The extensions of one execution environment."""

    def __init__(self, function: FunctionConfig) -> None:
        self._function = function
        self._subscribed: dict[str, bool] = {}  # by identifier: is it subscribed to INVOKE?
        self._names: set[str] = set()
        self._waiting: dict[str, Exchange] = {}
        self.closed = False

    @property
    def registered(self) -> bool:
        """Whether the process is to be asked before it is ended."""
        return bool(self._subscribed)

    def register(self, exchange: Exchange) -> None:
        """Answer a registration."""

        def then(body: bytes) -> None:
            self._register(exchange, body)

        def too_large(size: int) -> None:
            _refuse(exchange, "InvalidRequestFormat", f"{size} bytes of registration")

        exchange.consumer = Whole(_MAX_REGISTRATION, then, too_large)

    def next_event(self, exchange: Exchange) -> None:
        """Let an extension wait for its next event."""
        identifier = exchange.field(b"lambda-extension-identifier")
        if not identifier:
            _refuse(
                exchange,
                "Extension.MissingExtensionIdentifier",
                "Missing Lambda-Extension-Identifier header",
            )
        elif identifier not in self._subscribed:
            _refuse(
                exchange,
                "Extension.UnknownExtensionIdentifier",
                f"Unknown extension {identifier}",
            )
        else:
            self._waiting[identifier] = exchange

    def invoked(self, invocation: Invocation) -> None:
        """Send an INVOKE event to the extensions that subscribed to it."""
        if not self._waiting:
            return
        event: dict[str, Any] = {
            "eventType": "INVOKE",
            "deadlineMs": invocation.deadline_ms,
            "requestId": invocation.request_id,
            "invokedFunctionArn": invocation.function_arn,
            "tracing": {"type": "X-Amzn-Trace-Id", "value": invocation.trace_id},
        }
        for identifier in [waiting for waiting in self._waiting if self._subscribed[waiting]]:
            fields = [
                ("Content-Type", JSON_TYPE),
                ("Lambda-Extension-Event-Identifier", str(uuid.uuid4())),
            ]
            self._waiting.pop(identifier).respond(200, fields, json.dumps(event).encode())

    def _register(self, exchange: Exchange, body: bytes) -> None:
        name = exchange.field(b"lambda-extension-name")
        try:
            events = json.loads(body or b"{}").get("events") or []
        except (ValueError, AttributeError) as error:
            _refuse(exchange, "InvalidRequestFormat", str(error))
            return
        refusal = self._refusal(name, events)
        if refusal is not None:
            _refuse(exchange, *refusal)
            return
        identifier = str(uuid.uuid4())
        self._names.add(name)
        self._subscribed[identifier] = "INVOKE" in events
        answer = {
            "functionName": self._function.name,
            "functionVersion": self._function.version,
            "handler": self._function.handler,
        }
        fields = [("Content-Type", JSON_TYPE), ("Lambda-Extension-Identifier", identifier)]
        exchange.respond(200, fields, json.dumps(answer).encode())

    def _refusal(self, name: str, events: list[str]) -> tuple[str, str] | None:
        """Return the type and the message of the error, if the registration is invalid."""
        if not name:
            return "Extension.InvalidExtensionName", "Empty extension name"
        if self.closed:
            return "Extension.RegistrationClosed", "Extension registration closed already"
        if name in self._names:
            return (
                "Extension.InvalidExtensionState",
                "Extension with this name already registered",
            )
        if len(self._names) >= MAX_EXTENSIONS:
            return "Extension.TooManyExtensions", f"Extension limit ({MAX_EXTENSIONS}) reached"
        if "SHUTDOWN" in events:
            return (
                "Extension.InvalidEventType",
                "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension",
            )
        unknown = [event for event in events if event != "INVOKE"]
        if unknown:
            return "Extension.InvalidEventType", f"{unknown[0]}: ErrorInvalidEventType"
        return None


def _refuse(exchange: Exchange, error_type: str, message: str) -> None:
    body = json.dumps({"errorMessage": message, "errorType": error_type}).encode() + b"\n"
    exchange.respond(403, [("Content-Type", JSON_TYPE)], body)
