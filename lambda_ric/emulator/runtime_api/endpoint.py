"""The Runtime API of one execution environment: its routes and responses.

Source: "Using the Lambda runtime API for custom runtimes"; the texts of the refusals are those of
AWS's emulator.
"""

from __future__ import annotations

from collections.abc import Callable

from lambda_ric.emulator import platform_errors
from lambda_ric.emulator.http.exchange import Exchange, Prepared, Whole
from lambda_ric.emulator.http.hosts import parse_host
from lambda_ric.emulator.http.known import Known
from lambda_ric.emulator.http.limits import Limits
from lambda_ric.emulator.http.routes import Handler, RouteTable, allowed
from lambda_ric.emulator.life import Cause, Effect, Event, Kind
from lambda_ric.emulator.runtime_api import extensions
from lambda_ric.emulator.runtime_api.extensions import Extensions
from lambda_ric.emulator.runtime_api.replies import JSON
from lambda_ric.emulator.runtime_api.replies import refuse as refuse_with
from lambda_ric.emulator.runtime_api.response import (
    SMALL,
    WholeResponse,
    error_outcome,
    has_known_mode,
)
from lambda_ric.emulator.runtime_api.telemetry.api import Telemetry
from lambda_ric.emulator.runtime_api.telemetry.apis import LOGS, TELEMETRY
from lambda_ric.wire import runtime_api
from lambda_ric.wire.request import Request
from lambda_ric.wire.runtime_api import MAX_RESPONSE

RUNTIME_LIMITS = Limits(
    connections=200,
    body_seconds=None,  # a stream may pause as long as the invocation lasts
    idle_seconds=None,  # runtimes keep their connection while they are frozen
    unread_seconds=None,
    half_closed=False,  # a runtime that closes its sending side has gone
)

ACCEPTED = Prepared(202, JSON, b'{"status":"OK"}\n')
"""The response to a post that was accepted."""

_TEXT = (("Content-Type", "text/plain; charset=utf-8"),)

_OF_BROWSERS = frozenset((b"origin", b"sec-fetch-site", b"sec-fetch-mode", b"sec-fetch-dest"))

_REFUSALS = {
    Cause.STATE: (
        403,
        "InvalidStateTransition",
        "State transition from {} failed for runtime. Error: State transition is not allowed",
    ),
    Cause.REQUEST_ID: (400, "InvalidRequestID", "Invalid request ID"),
    Cause.LATE: (410, "InvokeTimeout", "Invoke timeout"),
    Cause.TOO_LARGE: (413, "RequestEntityTooLarge", platform_errors.TOO_LARGE_FOR_RUNTIME),
}


class RuntimeApiEndpoint:
    """Answers the requests of one runtime. `report` is called with each event that they cause."""

    def __init__(
        self, report: Callable[[Event], None], extension_api: Extensions, telemetry: Telemetry
    ) -> None:
        self._report = report
        self._known: Known[tuple[Handler, list[str]]] = Known()
        self._routes = routes = RouteTable()
        invocation = runtime_api.INVOCATION + "{request_id}"
        routes.add("GET", runtime_api.NEXT_INVOCATION, self._next)
        routes.add("POST", invocation + runtime_api.RESPONSE, self._response)
        routes.add("POST", invocation + runtime_api.ERROR, self._error)
        routes.add("POST", runtime_api.INIT_ERROR, self._load_error(Kind.INIT_ERROR))
        routes.add("GET", runtime_api.RESTORE_NEXT, self._restore_next)
        routes.add("POST", runtime_api.RESTORE_ERROR, self._load_error(Kind.RESTORE_ERROR))
        routes.add("GET", runtime_api.VERSION + "/ping", _pong)
        routes.add("POST", extensions.REGISTER, extension_api.register)
        routes.add("GET", extensions.EVENT_NEXT, extension_api.next_event)
        routes.add("POST", extensions.INIT_ERROR, extension_api.init_error)
        routes.add("POST", extensions.EXIT_ERROR, extension_api.exit_error)
        for api in (TELEMETRY, LOGS):
            for path in (api.path, api.path + "/"):  # AWS's documents have both
                routes.add("PUT", path, telemetry.subscriptions_to(api))

    def __call__(self, exchange: Exchange) -> None:
        """Answer one request."""
        request = exchange.request
        known = self._known.get(request)
        if known is None:
            known = self._find(exchange, request)
            if known is None:
                return
            self._known.keep(request, known)
        handler, parameters = known
        handler(exchange, *parameters)

    def _find(self, exchange: Exchange, request: Request) -> tuple[Handler, list[str]] | None:
        """Return the handler of a request and its parameters, or refuse it."""
        host = parse_host(exchange.fields.get(b"host", b"localhost"))  # HTTP/1.0 need not name it
        local = host.is_this_machine or host.is_address  # a page can give its own name any address
        if not local or not _OF_BROWSERS.isdisjoint(exchange.fields):
            exchange.respond(403, _TEXT, b"403 the Runtime API is for the function's processes\n")
            return None
        route = self._routes.find(request.target.decode("ascii").partition("?")[0])
        if route is None:
            exchange.respond(404, _TEXT, b"404 page not found\n")
            return None
        handlers, parameters = route
        handler = handlers.get(request.method)
        if handler is None:
            exchange.respond(405, [("Allow", allowed(handlers))])
            return None
        return handler, parameters

    def _next(self, exchange: Exchange) -> None:
        exchange.on_gone = lambda: self._report(Event(Kind.NEXT_LOST, exchange))
        self._report(Event(Kind.NEXT, exchange, connection=exchange.wire))

    def _response(self, exchange: Exchange, request_id: str) -> None:
        body = exchange.body
        if not has_known_mode(exchange):
            refuse_with(
                exchange, 400, "InvalidFunctionResponseMode", "Invalid function response mode"
            )
        elif body is None or len(body) > SMALL:
            self._report(Event(Kind.RESPONSE_BEGINS, exchange, request_id))
        else:
            response = WholeResponse(exchange, body)
            self._report(Event(Kind.RESPONSE, exchange, request_id, detail=response))

    def _error(self, exchange: Exchange, request_id: str) -> None:
        def then(body: bytes) -> None:
            outcome = error_outcome(exchange, body)
            self._report(Event(Kind.ERROR, exchange, request_id, detail=outcome))

        exchange.consumer = _whole(exchange, then)

    def _load_error(self, kind: Kind) -> Callable[[Exchange], None]:
        """Return the handler for errors that are not about an invocation."""

        def handler(exchange: Exchange) -> None:
            def then(body: bytes) -> None:
                self._report(Event(kind, exchange, detail=error_outcome(exchange, body)))

            exchange.consumer = _whole(exchange, then)

        return handler

    def _restore_next(self, exchange: Exchange) -> None:
        self._report(Event(Kind.RESTORE_NEXT, exchange))


def refuse(effect: Effect) -> None:
    """Answer a post, or a poll, that is not allowed in this phase."""
    assert effect.cause is not None
    effect.exchange.on_gone = None
    status, error_type, message = _REFUSALS[effect.cause]
    refuse_with(effect.exchange, status, error_type, message.format(effect.phase.value))


def _whole(exchange: Exchange, then: Callable[[bytes], None]) -> Whole:
    """Return the consumer that reads the whole body first."""

    def too_large(size: int) -> None:
        refuse_with(exchange, 413, "RequestEntityTooLarge", platform_errors.TOO_LARGE_FOR_RUNTIME)

    return Whole(MAX_RESPONSE, then, too_large)


def _pong(exchange: Exchange) -> None:
    exchange.respond(200, _TEXT, b"pong")
