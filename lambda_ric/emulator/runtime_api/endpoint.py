"""The Runtime API of one execution environment: its endpoints, and what it says when it refuses.

Source: "Using the Lambda runtime API for custom runtimes"; the texts of the refusals are those of
AWS's emulator.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Protocol

from lambda_ric.emulator import platform_errors
from lambda_ric.emulator.http.connection import Limits
from lambda_ric.emulator.http.exchange import Exchange, Whole
from lambda_ric.emulator.lifecycle import Effect, Event, Phase
from lambda_ric.emulator.runtime_api import extensions
from lambda_ric.emulator.runtime_api.response import has_known_mode
from lambda_ric.wire import runtime_api
from lambda_ric.wire.runtime_api import JSON_TYPE, MAX_RESPONSE

RUNTIME_LIMITS = Limits(
    connections=200,
    body_seconds=None,  # a stream may pause as long as the invocation lasts
    idle_seconds=None,  # runtimes keep their connection while they are frozen
    unread_seconds=None,
)


class RuntimeEvents(Protocol):
    """What the endpoints call: the environment, which knows what is allowed now."""

    extensions: extensions.Extensions

    def next_asked(self, exchange: Exchange) -> None:
        """The runtime waits for an invocation."""

    def response_begins(self, exchange: Exchange, request_id: str) -> None:
        """The runtime posts a result; its body is still to come."""

    def error_posted(self, exchange: Exchange, request_id: str, body: bytes) -> None:
        """The runtime posts the error of an invocation."""

    def load_error_posted(self, exchange: Exchange, event: Event, body: bytes) -> None:
        """The runtime cannot load, or cannot go on after a restore."""

    def restore_asked(self, exchange: Exchange) -> None:
        """The runtime is ready for its snapshot."""


class RuntimeApiEndpoint:
    """Answers the requests of the runtime that `runtime` stands for."""

    def __init__(self, runtime: RuntimeEvents) -> None:
        self._runtime = runtime
        self._routes: dict[bytes, tuple[bytes, Callable[[Exchange], None]]] = {
            runtime_api.NEXT_INVOCATION.encode(): (b"GET", runtime.next_asked),
            runtime_api.RESTORE_NEXT.encode(): (b"GET", runtime.restore_asked),
            runtime_api.INIT_ERROR.encode(): (
                b"POST",
                lambda exchange: _load_error(exchange, runtime, Event.INIT_ERROR),
            ),
            runtime_api.RESTORE_ERROR.encode(): (
                b"POST",
                lambda exchange: _load_error(exchange, runtime, Event.RESTORE_ERROR),
            ),
            runtime_api.VERSION.encode() + b"/ping": (b"GET", _pong),
            extensions.REGISTER: (b"POST", runtime.extensions.register),
            extensions.EVENT_NEXT: (b"GET", runtime.extensions.next_event),
            b"/2022-07-01/telemetry": (b"PUT", _no_telemetry),
            b"/2020-08-15/logs": (b"PUT", _no_logs),
        }

    def __call__(self, exchange: Exchange) -> None:
        """ResponseBody one request."""
        target = exchange.request.target.partition(b"?")[0]
        found = self._routes.get(target) or self._invocation_route(target)
        if found is None:
            _not_found(exchange)
        elif exchange.request.method != found[0]:
            exchange.respond(405, [("Allow", found[0].decode())])
        else:
            found[1](exchange)

    def _invocation_route(self, target: bytes) -> tuple[bytes, Callable[[Exchange], None]] | None:
        """Return the route of what is said about one invocation."""
        runtime = self._runtime
        if target.startswith(_INVOCATION):
            request_id, slash, action = target[len(_INVOCATION) :].decode("latin-1").partition("/")
            if slash + action == runtime_api.RESPONSE:
                return b"POST", lambda exchange: _response(exchange, runtime, request_id)
            if slash + action == runtime_api.ERROR:
                return b"POST", lambda exchange: _whole(
                    exchange, lambda one, body: runtime.error_posted(one, request_id, body)
                )
        return None


_INVOCATION = runtime_api.INVOCATION.encode()


def accept(exchange: Exchange | None) -> None:
    """ResponseBody a post that did what it was for."""
    assert exchange is not None
    exchange.respond(202, _JSON, b'{"status":"OK"}\n')


def release(exchange: Exchange | None) -> None:
    """Let a runtime go on after its restore."""
    assert exchange is not None
    exchange.respond(200)


REFUSALS = {
    Effect.REFUSE_STATE: (
        403,
        "InvalidStateTransition",
        "State transition from {} failed for runtime. Error: State transition is not allowed",
    ),
    Effect.REFUSE_ID: (400, "InvalidRequestID", "Invalid request ID"),
    Effect.REFUSE_LATE: (410, "InvokeTimeout", "Invoke timeout"),
    Effect.REFUSE_SIZE: (413, "RequestEntityTooLarge", platform_errors.TOO_LARGE_FOR_RUNTIME),
}


def refuse(exchange: Exchange, effect: Effect, phase: Phase) -> None:
    """ResponseBody a post, or a poll, that is not allowed in this phase."""
    status, error_type, message = REFUSALS[effect]
    _answer(exchange, status, error_type, message.format(phase.value))


def _answer(exchange: Exchange, status: int, error_type: str, message: str) -> None:
    body = json.dumps(
        {"errorMessage": message, "errorType": error_type}, separators=(",", ":")
    ).encode()
    exchange.respond(status, _JSON, body + b"\n")


_JSON = (("Content-Type", JSON_TYPE),)


def _whole(exchange: Exchange, then: Callable[[Exchange, bytes], None]) -> None:
    """Read the whole body first."""

    def too_large(size: int) -> None:
        _answer(exchange, 413, "RequestEntityTooLarge", platform_errors.TOO_LARGE_FOR_RUNTIME)

    exchange.consumer = Whole(MAX_RESPONSE, lambda body: then(exchange, body), too_large)


def _load_error(exchange: Exchange, runtime: RuntimeEvents, event: Event) -> None:
    _whole(exchange, lambda one, body: runtime.load_error_posted(one, event, body))


def _response(exchange: Exchange, runtime: RuntimeEvents, request_id: str) -> None:
    if has_known_mode(exchange):
        runtime.response_begins(exchange, request_id)
    else:
        _answer(exchange, 400, "InvalidFunctionResponseMode", "Invalid function response mode")


def _pong(exchange: Exchange) -> None:
    exchange.respond(200, [("Content-Type", "text/plain; charset=utf-8")], b"pong")


def _no_telemetry(exchange: Exchange) -> None:
    _answer(exchange, 202, "Telemetry.NotSupported", "Telemetry API is not supported")


def _no_logs(exchange: Exchange) -> None:
    _answer(exchange, 202, "Logs.NotSupported", "Logs API is not supported")


def _not_found(exchange: Exchange) -> None:
    fields = [("Content-Type", "text/plain; charset=utf-8")]
    exchange.respond(404, fields, b"404 page not found\n")
