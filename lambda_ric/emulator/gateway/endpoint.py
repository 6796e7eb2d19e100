"""A front door at work: it finds the function for a request, invokes it, and answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.gateway.answers import TEXT_TYPE, Answer, json_answer
from lambda_ric.emulator.gateway.cors import is_preflight, preflight
from lambda_ric.emulator.gateway.durable import DurableRequest, StartExecution
from lambda_ric.emulator.gateway.front_door import Call, FrontDoor
from lambda_ric.emulator.gateway.function_url import FunctionUrl
from lambda_ric.emulator.gateway.http_api import HttpApi, HttpApi1
from lambda_ric.emulator.gateway.invokes import BufferedRequest, StreamedRequest
from lambda_ric.emulator.gateway.load_balancer import LoadBalancer, MultiValueLoadBalancer
from lambda_ric.emulator.gateway.request import (
    Received,
    encoded_body,
    read_request,
    wants_websocket,
)
from lambda_ric.emulator.gateway.rest_api import RestApi
from lambda_ric.emulator.gateway.routes import ANY, DEFAULT, Match, Route, Routes
from lambda_ric.emulator.gateway.settings import RESPONSE_STREAM, FrontDoorKind, HttpListening
from lambda_ric.emulator.gateway.url_config import url_config
from lambda_ric.emulator.gateway.visit import Visit
from lambda_ric.emulator.http.exchange import Exchange, Whole
from lambda_ric.emulator.http.hosts import HostCheck, parse_host
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.scheduling.scheduler import Scheduler, Throttled
from lambda_ric.wire.runtime_api import MAX_EVENT, Invocation

_DOORS: dict[FrontDoorKind, type[FrontDoor]] = {
    FrontDoorKind.FUNCTION_URL: FunctionUrl,
    FrontDoorKind.HTTP_API: HttpApi,
    FrontDoorKind.HTTP_API_1: HttpApi1,
    FrontDoorKind.REST_API: RestApi,
    FrontDoorKind.ALB: LoadBalancer,
    FrontDoorKind.ALB_MULTI_VALUE: MultiValueLoadBalancer,
}
_EVERYTHING = Routes([Route(ANY, DEFAULT)])
_EVERY_RESOURCE = Routes([Route(ANY, "/"), Route(ANY, "/{proxy+}")])

NO_WEBSOCKETS = (
    "This front door passes requests on to Lambda functions, which cannot speak WebSocket. "
    "In AWS that takes a WebSocket API.\n"
)


class Gateway:
    """Answers the requests that come to one front door. `functions` are the ones served.

    `port` is the one that it was given to listen at, `url` is where it is reached.
    """

    def __init__(
        self,
        functions: Mapping[str, Scheduler],
        settings: HttpListening,
        log: Log,
        clock: Clock,
        start_execution: StartExecution,
    ) -> None:
        self._start_execution = start_execution
        self._functions = functions
        self._settings = settings
        self.port = settings.port
        self.url = ""
        self._log = log
        self._clock = clock
        self._hosts = HostCheck(settings.host, settings.hosts)
        first = next(iter(functions.values())).function
        self.door = _DOORS[settings.kind](first.region, settings.stage)
        routes = Routes(settings.routes)
        if not settings.routes:
            rest = settings.kind is FrontDoorKind.REST_API
            routes = _EVERY_RESOURCE if rest else _EVERYTHING
        self._routes = routes
        self._by_host = len(functions) > 1 and not settings.kind.has_routes
        takes_cors = settings.kind in (FrontDoorKind.FUNCTION_URL, FrontDoorKind.HTTP_API)
        self._cors = settings.cors if takes_cors else None
        self._hinted: set[str] = set()

    def __call__(self, exchange: Exchange) -> None:
        """Answer one request."""
        visit = Visit(exchange, self.door, self._cors, self._log.emit)
        host = exchange.fields.get(b"host", b"localhost")  # HTTP/1.0 need not name it
        if not self._hosts.knows(parse_host(host)):
            visit.refuse(_text(403, f"Refused: {self._hosts.refusal(host)}\n"))
        elif not self._takes_origin(exchange):
            origin = exchange.field(b"origin")[:100]
            visit.refuse(_text(403, f"Refused: the Origin {origin!r} is not allowed (--cors)\n"))
        elif wants_websocket(exchange):
            visit.refuse(_text(501, NO_WEBSOCKETS))
        elif self._cors is not None and is_preflight(exchange):
            visit.refuse(preflight(self._cors, exchange))
        else:
            self._accept(visit)

    def url_of(self, function: str) -> dict[str, Any] | None:
        """Return what the URL of a function is like; None if the front door is another one."""
        if self._settings.kind is not FrontDoorKind.FUNCTION_URL:
            return None
        url = f"http://{function}.localhost:{self.port}/" if self._by_host else self.url
        return url_config(self._settings, url)

    def _takes_origin(self, exchange: Exchange) -> bool:
        """Return whether a request may come from its page: one of this machine, or an allowed one.

        A page that a developer happens to visit shall not run code with the developer's rights.
        """
        origin = exchange.field(b"origin")
        allowed = self._settings.cors.origins if self._settings.cors is not None else ()
        if not origin or "*" in allowed or origin in allowed:
            return True
        return self._hosts.knows(parse_host(origin.rpartition("//")[2].encode()))

    def _accept(self, visit: Visit) -> None:
        """Find the function, and invoke it once the body is here."""
        exchange, door = visit.exchange, self.door
        try:
            received = read_request(exchange, visit.ids)
        except ValueError as error:
            visit.refuse(_text(400, f"{error}\n"))
            return
        path = door.path_of(received)
        match = self._routes.find(received.method, path, resource_first=door.resource_first)
        if match is None:
            visit.refuse(door.no_route())
            return
        scheduler = self._function(exchange, match)
        if scheduler is None:
            visit.refuse(self._unknown_function())
            return
        visit.function = scheduler.function.name
        found = scheduler

        def then(body: bytes) -> None:
            self._invoke(visit, found, received, match, body)

        def too_large(size: int) -> None:
            visit.refuse(door.too_large())

        exchange.consumer = Whole(door.max_body, then, too_large)

    def _function(self, exchange: Exchange, match: Match) -> Scheduler | None:
        """Return the function of a route; one of several may be named by the Host."""
        if match.route.function is not None:
            return self._functions.get(match.route.function)
        if self._by_host:
            name = parse_host(exchange.fields.get(b"host", b"")).name.removesuffix(".localhost")
            lowered = {known.lower(): known for known in self._functions}
            return self._functions[lowered[name]] if name in lowered else None
        return next(iter(self._functions.values()))

    def _unknown_function(self) -> Answer:
        """Return the answer of a function URL that there is not, with those that there are."""
        hosts = [f"{name}.localhost:{self.port}" for name in self._functions]
        message = f"No function has this host name; there are {', '.join(hosts)}"
        error = ("x-amzn-ErrorType", "AccessDeniedException")
        return json_answer(403, json.dumps({"Message": message}), error)

    def _invoke(
        self, visit: Visit, scheduler: Scheduler, received: Received, match: Match, body: bytes
    ) -> None:
        content_type = visit.exchange.field(b"content-type")
        text, is_base64 = encoded_body(body, content_type)
        event = self.door.event(Call(received, match, visit.ids, text, is_base64))
        payload = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
        if len(payload) > MAX_EVENT:
            visit.refuse(self.door.too_large())
            return
        function = scheduler.function
        tenant = visit.exchange.field(b"x-amz-tenant-id") or None
        if function.tenant_isolation and tenant is None:
            visit.report("the function needs a tenant; send X-Amz-Tenant-Id")
            visit.refuse(self.door.failed())
            return
        invocation = Invocation(
            visit.ids.request_id,
            payload,
            function_arn=function.arn(),
            trace_id=visit.ids.trace_id,
            tenant_id=tenant,
        )
        if function.durable is not None:
            request = DurableRequest(visit, self._clock)
            self._start_execution(function, invocation, request.settle)
            return
        invoke: BufferedRequest | StreamedRequest
        if self._settings.invoke_mode == RESPONSE_STREAM:
            invoke = StreamedRequest(invocation, visit, function.version)
        else:
            invoke = BufferedRequest(
                invocation, visit, function.version, self._clock, self._hint_at_stream
            )
        try:
            scheduler.submit(invoke)
        except Throttled:
            visit.refuse(self.door.throttled())

    def _hint_at_stream(self, visit: Visit) -> None:
        """Say, once for each function, that a stream is not passed on as one."""
        if visit.function not in self._hinted:
            self._hinted.add(visit.function)
            hint = "this kind of front door takes whole results only"
            if self._settings.kind.streams:
                hint = "its invoke mode must be RESPONSE_STREAM (--invoke-mode), here and in AWS"
            visit.hint(f"the function streams, but the front door buffers: {hint}")


def _text(status: int, text: str) -> Answer:
    return Answer(status, [("Content-Type", TEXT_TYPE)], text.encode())
