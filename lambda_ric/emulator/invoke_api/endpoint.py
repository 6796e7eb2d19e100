"""The Invoke API: the requests of callers, and Lambda's responses.

Source: Invoke, InvokeAsync and InvokeWithResponseStream in the Lambda API reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import parse_qs

from lambda_ric.emulator.api_errors import ApiError, invalid_parameter, stopping, unknown_function
from lambda_ric.emulator.function import parse_name
from lambda_ric.emulator.http.exchange import Exchange, Whole
from lambda_ric.emulator.http.routes import RouteTable, allowed
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
from lambda_ric.wire.runtime_api import MAX_EVENT, Invocation


class InvokeApi:
    """Answers the requests of callers. `functions` are the served functions, by name.

    If there is only one, every name means it, as with AWS's emulator, unless `by_name` is true.
    """

    def __init__(
        self,
        functions: Mapping[str, Scheduler],
        by_name: bool,
        events: AsyncQueue,
        origins: OriginCheck,
        start_execution: StartExecution,
    ) -> None:
        self._functions = functions
        alone = len(functions) == 1 and not by_name
        self._only = next(iter(functions.values())) if alone else None
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
                raise errors.unknown_operation(target)
            handlers, parameters = route
            handler = handlers.get(b"GET" if request.method == b"HEAD" else request.method)
            if handler is None:
                raise errors.wrong_method(request.method.decode("ascii"), allowed(handlers))
            handler(exchange, *parameters)
        except ApiError as error:
            error.answer(exchange, new_request_id())

    def _health(self, exchange: Exchange) -> None:
        answer_health(exchange, self._functions)

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
        try:
            name, qualifier = parse_name(text, qualifier)
        except ValueError as error:
            raise invalid_parameter(str(error)) from None
        scheduler = self._only or self._functions.get(name)
        if scheduler is None:
            example = next(iter(self._functions.values())).function
            arn = replace(example, name=name).arn(qualifier)
            raise unknown_function(arn, sorted(self._functions))
        return scheduler, qualifier

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
