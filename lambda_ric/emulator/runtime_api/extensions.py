"""The Extensions API, for external extensions and for those inside the runtime's process.

A runtime that registers an internal extension is asked to end by SIGTERM, which is what most do it
for. External extensions are known by their names before they register; the life of the environment
depends on them. Source: "Lambda Extensions API".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from lambda_ric.emulator.function import ACCOUNT, MAX_EXTENSIONS, FunctionConfig
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import new_request_id
from lambda_ric.emulator.life import Event, Kind
from lambda_ric.emulator.runtime_api.replies import JSON, refuse, small_body
from lambda_ric.wire.runtime_api import Invocation

REGISTER = "/2020-01-01/extension/register"
EVENT_NEXT = "/2020-01-01/extension/event/next"
INIT_ERROR = "/2020-01-01/extension/init/error"
EXIT_ERROR = "/2020-01-01/extension/exit/error"

_NO_KEYS = "configurationKeys are deprecated; use environment variables instead"
_NO_TRANSITION = (
    "State transition from {} to {} failed for extension {}. Error: State transition is not allowed"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_ERROR_TYPE = "Lambda-Extension-Function-Error-Type"


class Subscription(NamedTuple):
    """An extension that has registered, and the events that it wants."""

    name: str
    events: list[str]
    external: bool


class Extensions:
    """The extensions of one environment. `report` is called with what external ones do."""

    def __init__(self, function: FunctionConfig, report: Callable[[Event], None]) -> None:
        self._function = function
        self._report = report
        self._external = {extension.name for extension in function.external_extensions}
        self._subscriptions: dict[str, Subscription] = {}  # by identifier
        self._waiting: dict[str, Exchange] = {}
        self._ready: set[str] = set()  # those that have asked for an event
        self._failed: set[str] = set()
        self._shutdown = b""  # the event, once it is sent
        self.closed = False

    @property
    def registered(self) -> bool:
        """Whether the runtime is to be asked before it is ended."""
        return bool(self._subscriptions)

    @property
    def external(self) -> list[Subscription]:
        """The external extensions that have registered."""
        return [known for known in self._subscriptions.values() if known.external]

    def register(self, exchange: Exchange) -> None:
        """Take a registration."""
        exchange.consumer = small_body(exchange, lambda body: self._register(exchange, body))

    def next_event(self, exchange: Exchange) -> None:
        """Let an extension wait for its next event."""
        identifier = self._identify(exchange)
        if identifier is None:
            return
        subscription = self._subscriptions[identifier]
        if identifier in self._failed:
            text = _NO_TRANSITION.format("ExitError", "Ready", subscription.name)
            refuse(exchange, 403, "Extension.InvalidExtensionState", text)
        elif self._shutdown and _wants_shutdown(subscription):
            exchange.respond(200, JSON, self._shutdown)
        else:
            self._ready.add(identifier)
            self._waiting[identifier] = exchange
            exchange.on_gone = lambda: self._lost(identifier, exchange)
            if subscription.external:
                self._report(Event(Kind.EXTENSION_WAITS, extension=subscription.name))

    def name_of_caller(self, exchange: Exchange) -> str | None:
        """Return the name of the extension that asks, or refuse the request."""
        identifier = self._identify(exchange)
        return None if identifier is None else self._subscriptions[identifier].name

    def init_error(self, exchange: Exchange) -> None:
        """Take the error of an extension that cannot begin; the first one counts."""
        exchange.consumer = small_body(exchange, lambda _: self._error(exchange, at_init=True))

    def exit_error(self, exchange: Exchange) -> None:
        """Take the error with which an extension ends; the first one counts."""
        exchange.consumer = small_body(exchange, lambda _: self._error(exchange, at_init=False))

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
        if invocation.tenant_id:
            event["tenantId"] = invocation.tenant_id
        body = json.dumps(event).encode()
        for identifier in list(self._waiting):
            if "INVOKE" in self._subscriptions[identifier].events:
                fields = [*JSON, ("Lambda-Extension-Event-Identifier", new_request_id())]
                self._waiting.pop(identifier).respond(200, fields, body)

    def shut_down(self, reason: str, deadline_ms: int) -> set[str]:
        """Send SHUTDOWN to the external extensions that subscribed, and return their names.

        One that is at work gets it with its next request.
        """
        event = {"eventType": "SHUTDOWN", "deadlineMs": deadline_ms, "shutdownReason": reason}
        self._shutdown = json.dumps(event).encode()
        told = set()
        for identifier, subscription in self._subscriptions.items():
            if _wants_shutdown(subscription):
                told.add(subscription.name)
                exchange = self._waiting.pop(identifier, None)
                if exchange is not None:
                    exchange.respond(200, JSON, self._shutdown)
        return told

    def _register(self, exchange: Exchange, body: bytes) -> None:
        name = exchange.field(b"lambda-extension-name")
        try:
            request = json.loads(body or b"{}")
            events = list(request.get("events") or [])
            if "configurationKeys" in request:
                raise ValueError(_NO_KEYS)
        except (ValueError, AttributeError, TypeError, RecursionError) as error:
            refuse(exchange, 403, "InvalidRequestFormat", str(error))
            return
        external = name in self._external
        refusal = self._refusal(name, events, external)
        if refusal is not None:
            refuse(exchange, 403, *refusal)
            return
        identifier = new_request_id()
        self._subscriptions[identifier] = Subscription(name, events, external)
        answer = {
            "functionName": self._function.name,
            "functionVersion": self._function.version,
            "handler": self._function.handler,
        }
        features = exchange.field(b"lambda-extension-accept-feature").split(",")
        if "accountId" in [feature.strip() for feature in features]:
            answer["accountId"] = ACCOUNT
        fields = [*JSON, ("Lambda-Extension-Identifier", identifier)]
        exchange.respond(200, fields, json.dumps(answer).encode())
        known = name if external else ""
        self._report(Event(Kind.EXTENSION_REGISTERED, extension=known, detail="INVOKE" in events))

    def _error(self, exchange: Exchange, *, at_init: bool) -> None:
        identifier = self._identify(exchange)
        if identifier is None:
            return
        error_type = exchange.field(_ERROR_TYPE.lower().encode())
        if not error_type:
            refuse(exchange, 403, "Extension.MissingHeader", f"{_ERROR_TYPE} not found")
            return
        subscription = self._subscriptions[identifier]
        if at_init and identifier in self._ready and identifier not in self._failed:
            text = _NO_TRANSITION.format("Ready", "InitError", subscription.name)
            refuse(exchange, 403, "Extension.InvalidExtensionState", text)
            return
        exchange.respond(202, JSON, b'{"status":"OK"}\n')
        if subscription.external and identifier not in self._failed:
            failure = Event(Kind.EXTENSION_FAILED, extension=subscription.name, detail=error_type)
            self._report(failure)
        self._failed.add(identifier)

    def _identify(self, exchange: Exchange) -> str | None:
        """Return the identifier of the extension that asks, or refuse the request."""
        identifier = exchange.field(b"lambda-extension-identifier")
        if identifier in self._subscriptions:
            return identifier
        if _UUID.fullmatch(identifier):
            error_type = "Extension.UnknownExtensionIdentifier"
            refuse(exchange, 403, error_type, f"Unknown extension {identifier}")
        elif identifier:
            error_type = "Extension.InvalidExtensionIdentifier"
            refuse(exchange, 403, error_type, "Invalid Lambda-Extension-Identifier")
        else:
            error_type = "Extension.MissingExtensionIdentifier"
            refuse(exchange, 403, error_type, "Missing Lambda-Extension-Identifier header")
        return None

    def _lost(self, identifier: str, exchange: Exchange) -> None:
        if self._waiting.get(identifier) is exchange:
            del self._waiting[identifier]

    def _refusal(self, name: str, events: list[Any], external: bool) -> tuple[str, str] | None:
        """Return the type and the message of the error for a registration, if it is one."""
        if not name:
            return "Extension.InvalidExtensionName", "Empty extension name"
        if self.closed:
            return "Extension.RegistrationClosed", "Extension registration closed already"
        names = {known.name for known in self._subscriptions.values()}
        if name in names:
            return (
                "Extension.InvalidExtensionState",
                "Extension with this name already registered",
            )
        if len(names | self._external | {name}) > MAX_EXTENSIONS:
            return "Extension.TooManyExtensions", f"Extension limit ({MAX_EXTENSIONS}) reached"
        if "SHUTDOWN" in events and not external:
            return (
                "Extension.InvalidEventType",
                "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension",
            )
        unknown = [event for event in events if event not in ("INVOKE", "SHUTDOWN")]
        if unknown:
            return "Extension.InvalidEventType", f"{unknown[0]}: ErrorInvalidEventType"
        return None


def _wants_shutdown(subscription: Subscription) -> bool:
    return subscription.external and "SHUTDOWN" in subscription.events
