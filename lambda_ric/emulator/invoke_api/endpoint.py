"""The Invoke API: the requests of callers, and Lambda's responses.

Source: Invoke, InvokeAsync and InvokeWithResponseStream in the Lambda API reference.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs

from lambda_ric.emulator.api_errors import ApiError, stopping
from lambda_ric.emulator.function import LATEST
from lambda_ric.emulator.http.exchange import Exchange, Whole
from lambda_ric.emulator.http.routes import RouteTable
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


class InvokeApi:
    """Answers the requests of callers; other APIs add their operations to its `routes`."""

    def __init__(
        self,
        functions: ServedFunctions,
        events: AsyncQueue,
        origins: OriginCheck,
        start_execution: StartExecution,
    ) -> None:
        self._functions = functions
        self._events = events
        self._origins = origins
        self._start_execution = start_execution
        self.routes = routes = RouteTable()
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
        try:
            self._origins.check(exchange)
            if request.method == b"OPTIONS":
                self._origins.preflight(exchange)
                return
            target = request.target.decode("ascii")
            route = self.routes.find(target.partition("?")[0])
            if route is None:
                raise errors.unknown_operation(request.method.decode("ascii"), target)
            handlers, parameters = route
            handler = handlers.get(b"GET" if request.method == b"HEAD" else request.method)
            if handler is None:
                raise errors.wrong_method(request.method.decode("ascii"), target, handlers)
            handler(exchange, *parameters)
        except ApiError as error:
            error.answer(exchange, new_request_id())

    def _health(self, exchange: Exchange) -> None:
        answer_health(exchange, self._functions.schedulers)

    def _invoke(self, operation: Operation) -> Callable[[Exchange, str], None]:
        """Return the handler of one operation."""

        def handler(exchange: Exchange, text: str) -> None:
            scheduler, qualifier = self._find(text, exchange.request.target)
            arn = scheduler.function.invoked_arn(text, qualifier)
            parameters = read_parameters(exchange, operation, scheduler.function, arn, qualifier)
            invocation_type = parameters.invocation_type
            limit = MAX_ASYNC_EVENT if invocation_type == ASYNCHRONOUS else MAX_EVENT

            def then(payload: bytes) -> None:
                try:
                    self._submit(exchange, scheduler, operation, parameters, payload)
                except ApiError as error:
                    error.answer(exchange, parameters.request_id)

            def too_large(size: int) -> None:
                error = errors.too_large(size, invocation_type, limit)
                error.answer(exchange, parameters.request_id)

            exchange.consumer = Whole(limit, then, too_large)

        return handler

    def _find(self, text: str, target: bytes) -> tuple[Scheduler, str | None]:
        """Return the function that a caller names, and the qualifier. Raises ApiError."""
        qualifier = None
        if b"?" in target:
            query = target.decode("ascii").partition("?")[2]
            qualifier = parse_qs(query).get("Qualifier", [None])[0]
        return self._functions.find(text, qualifier, unqualified=LATEST)

    def _submit(
        self,
        exchange: Exchange,
        scheduler: Scheduler,
        operation: Operation,
        parameters: InvokeParameters,
        payload: bytes,
    ) -> None:
        """Carry out the request, now that the payload has arrived. Raises ApiError."""
        invocation = make_invocation(parameters, payload)
        try:
            if parameters.invocation_type == DRY_RUN:
                exchange.respond(204, parameters.response_fields())
            elif scheduler.function.durable is not None:
                self._submit_durable(exchange, scheduler, operation, parameters, invocation)
            elif parameters.invocation_type == ASYNCHRONOUS:
                self._events.accept(scheduler, invocation, parameters.version)
                exchange.respond(202, parameters.response_fields())
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
