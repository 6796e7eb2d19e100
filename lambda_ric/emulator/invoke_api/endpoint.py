"""The Invoke API: the requests of callers, and Lambda's responses.

Source: Invoke, InvokeAsync and InvokeWithResponseStream in the Lambda API reference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from lambda_ric.emulator.api_errors import ApiError, stopping
from lambda_ric.emulator.function import LATEST, FunctionConfig
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.http.known import Known
from lambda_ric.emulator.http.routes import Handlers, RouteTable
from lambda_ric.emulator.invoke import new_request_id
from lambda_ric.emulator.invoke_api import errors
from lambda_ric.emulator.invoke_api.buffered import BufferedInvoke
from lambda_ric.emulator.invoke_api.durable import (
    StartExecution,
    refuse_stream,
    start_execution,
)
from lambda_ric.emulator.invoke_api.health import answer_health
from lambda_ric.emulator.invoke_api.origin_check import OriginCheck
from lambda_ric.emulator.invoke_api.parameters import (
    ASYNCHRONOUS,
    DRY_RUN,
    INVOKE,
    INVOKE_ASYNC,
    INVOKE_WITH_RESPONSE_STREAM,
    InvokeParameters,
    Operation,
    make_invocation,
    read_parameters,
)
from lambda_ric.emulator.invoke_api.streamed import EventStreamInvoke
from lambda_ric.emulator.scheduling.async_queue import (
    MAX_ASYNC_EVENT,
    AsyncQueue,
    QueueClosed,
    QueueFull,
)
from lambda_ric.emulator.scheduling.scheduler import Scheduler, Throttled
from lambda_ric.emulator.scheduling.served import ServedFunctions
from lambda_ric.wire.runtime_api import MAX_EVENT, Invocation


class _Call(NamedTuple):
    """What a caller wants, as far as the head of the request says.

    It holds as long as the scheduler has the same `function`.
    """

    operation: Operation
    scheduler: Scheduler
    function: FunctionConfig
    parameters: InvokeParameters


class InvokeApi:
    """Answers the requests of callers.

    `add_others` adds the operations of the other APIs, once a path is asked for that none of its
    own has.
    """

    def __init__(
        self,
        functions: ServedFunctions,
        events: AsyncQueue,
        origins: OriginCheck,
        start_execution: StartExecution,
        add_others: Callable[[RouteTable], None],
    ) -> None:
        self._functions = functions
        self._events = events
        self._origins = origins
        self._start_execution = start_execution
        self._known: Known[_Call] = Known()
        self._add_others: Callable[[RouteTable], None] | None = add_others
        self._routes = routes = RouteTable()
        routes.add("GET", "/_ric/health", self._health)
        routes.add("POST", "/2015-03-31/functions/{name}/invocations", self._invoke(INVOKE))
        streaming = "/2021-11-15/functions/{name}/response-streaming-invocations"
        routes.add("POST", streaming, self._invoke(INVOKE_WITH_RESPONSE_STREAM))
        for end in ("", "/"):
            path = f"/2014-11-13/functions/{{name}}/invoke-async{end}"
            routes.add("POST", path, self._invoke(INVOKE_ASYNC))

    def __call__(self, exchange: Exchange) -> None:
        """Answer one request."""
        request = exchange.request
        known = self._known.get(request)
        if known is not None and known.function is known.scheduler.function:
            self._begin(exchange, known)
            return
        try:
            self._origins.check(exchange)
            if request.method == b"OPTIONS":
                self._origins.preflight(exchange)
                return
            target = request.target.decode("ascii")
            route = self._find_route(target.partition("?")[0])
            if route is None:
                raise errors.unknown_operation(request.method.decode("ascii"), target)
            handlers, parameters = route
            handler = handlers.get(b"GET" if request.method == b"HEAD" else request.method)
            if handler is None:
                raise errors.wrong_method(request.method.decode("ascii"), target, handlers)
            handler(exchange, *parameters)
        except ApiError as error:
            error.answer(exchange, new_request_id())

    def _find_route(self, path: str) -> tuple[Handlers, list[str]] | None:
        route = self._routes.find(path)
        if route is None and self._add_others is not None:
            add, self._add_others = self._add_others, None
            add(self._routes)
            route = self._routes.find(path)
        return route

    def _health(self, exchange: Exchange) -> None:
        answer_health(exchange, self._functions.schedulers)

    def _invoke(self, operation: Operation) -> Callable[[Exchange, str], None]:
        """Return the handler of one operation."""

        def handler(exchange: Exchange, text: str) -> None:
            scheduler, qualifier = self._find(text, exchange.request.target)
            function = scheduler.function
            arn = function.invoked_arn(text, qualifier)
            parameters = read_parameters(exchange, operation, function, arn, qualifier)
            call = _Call(operation, scheduler, function, parameters)
            if b"origin" not in exchange.fields:
                self._known.keep(exchange.request, call)
            self._begin(exchange, call)

        return handler

    def _begin(self, exchange: Exchange, call: _Call) -> None:
        """Carry out a call as soon as its payload has arrived."""
        invocation_type = call.parameters.invocation_type
        limit = MAX_ASYNC_EVENT if invocation_type == ASYNCHRONOUS else MAX_EVENT

        def then(payload: bytes) -> None:
            try:
                self._submit(exchange, call, payload)
            except ApiError as error:
                error.answer(exchange, new_request_id())

        def too_large(size: int) -> None:
            error = errors.too_large(size, invocation_type, limit)
            error.answer(exchange, new_request_id())

        exchange.read_whole(limit, then, too_large)

    def _find(self, text: str, target: bytes) -> tuple[Scheduler, str | None]:
        """Return the function that a caller names, and the qualifier. Raises ApiError."""
        qualifier = None
        if b"?" in target:
            from urllib.parse import parse_qs

            query = target.decode("ascii").partition("?")[2]
            qualifier = parse_qs(query).get("Qualifier", [None])[0]
        return self._functions.find(text, qualifier, unqualified=LATEST)

    def _submit(self, exchange: Exchange, call: _Call, payload: bytes) -> None:
        """Carry out a call with its payload. Raises ApiError."""
        operation, scheduler, _, parameters = call
        invocation = make_invocation(parameters, payload)
        try:
            if parameters.invocation_type == DRY_RUN:
                exchange.respond(204, parameters.response_fields(invocation))
            elif scheduler.function.durable is not None:
                self._submit_durable(exchange, scheduler, operation, parameters, invocation)
            elif parameters.invocation_type == ASYNCHRONOUS:
                self._events.accept(scheduler, invocation, parameters.version)
                exchange.respond(202, parameters.response_fields(invocation))
            elif operation.streams:
                scheduler.submit(EventStreamInvoke(invocation, exchange, parameters))
            else:
                scheduler.submit(BufferedInvoke(invocation, exchange, parameters))
        except (QueueFull, Throttled):
            raise errors.throttled() from None
        except QueueClosed:
            raise stopping() from None

    def _submit_durable(
        self,
        exchange: Exchange,
        scheduler: Scheduler,
        operation: Operation,
        parameters: InvokeParameters,
        invocation: Invocation,
    ) -> None:
        """Start an execution; AWS's own runner of executions wants the handler alone."""
        if b"x-dex-handler-invoke" in exchange.fields:
            scheduler.submit(BufferedInvoke(invocation, exchange, parameters))
            return
        if operation.streams:
            raise refuse_stream()
        function = scheduler.function
        start_execution(exchange, function, parameters, invocation, self._start_execution)
