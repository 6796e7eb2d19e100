"""The Invoke API: what callers of functions ask, and how Lambda answers them.

Source: Invoke in the Lambda API reference.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from typing import NamedTuple

from lambda_ric.emulator.http.exchange import Exchange, Whole
from lambda_ric.emulator.invoke import UNHANDLED, Invoke, Outcome
from lambda_ric.emulator.invoke_api import errors
from lambda_ric.emulator.invoke_api.errors import ApiError
from lambda_ric.emulator.invoke_api.health import HEALTH, answer_health
from lambda_ric.emulator.invoke_api.origin_check import OriginCheck
from lambda_ric.emulator.invoke_api.parameters import (
    ASYNCHRONOUS,
    DRY_RUN,
    InvokeParameters,
    Operation,
    make_invocation,
    new_request_id,
    parse_operation,
    read_parameters,
)
from lambda_ric.emulator.invoke_api.streamed import StreamedInvoke
from lambda_ric.emulator.scheduling.async_queue import MAX_ASYNC_EVENT, AsyncQueue, QueueFull
from lambda_ric.emulator.scheduling.scheduler import Scheduler, Throttled
from lambda_ric.wire.runtime_api import JSON_TYPE, MAX_EVENT, Invocation


class InvokeApi:
    """Answers the requests of callers. `functions` are the ones served, by name.

    Where there is only one, every name means it, as with AWS's emulator, unless `by_name`.
    """

    def __init__(
        self,
        functions: Mapping[str, Scheduler],
        by_name: bool,
        events: AsyncQueue,
        origins: OriginCheck,
    ) -> None:
        self._functions = functions
        alone = len(functions) == 1 and not by_name
        self._only = next(iter(functions.values())) if alone else None
        self._events = events
        self._origins = origins

    def __call__(self, exchange: Exchange) -> None:
        """Answer one request."""
        request_id = new_request_id()
        try:
            request = exchange.request
            self._origins.check(exchange)
            exchange.more_fields = self._origins.fields(exchange)
            if request.method == b"OPTIONS":
                self._origins.preflight(exchange)
                return
            if request.target == HEALTH:
                answer_health(exchange, self._functions)
                return
            target = _parse(request.target.decode("ascii"))
            if target is None:
                raise errors.unknown_operation(request.target.decode("ascii"))
            if request.method != b"POST":
                raise errors.wrong_method(request.method.decode("ascii"))
            function = self._find(target)
            parameters = read_parameters(exchange, target)
        except ApiError as error:
            error.answer(exchange, request_id)
            return
        self._read(exchange, Call(function, target, parameters, request_id))

    def _find(self, target: Operation) -> Scheduler:
        function = self._only or self._functions.get(target.name)
        if function is None:
            example = next(iter(self._functions.values())).function
            arn = replace(example, name=target.name).arn(target.qualifier)
            raise errors.unknown_function(arn, sorted(self._functions))
        return function

    def _read(self, exchange: Exchange, call: Call) -> None:
        """Read the payload, then go on."""
        invocation_type = call.parameters.invocation_type
        limit = MAX_ASYNC_EVENT if invocation_type == ASYNCHRONOUS else MAX_EVENT

        def then(payload: bytes) -> None:
            try:
                self._invoke(exchange, call, payload)
            except ApiError as error:
                error.answer(exchange, call.request_id)

        def too_large(size: int) -> None:
            error = errors.too_large(size, invocation_type, limit)
            error.answer(exchange, call.request_id)

        exchange.consumer = Whole(limit, then, too_large)

    def _invoke(self, exchange: Exchange, call: Call, payload: bytes) -> None:
        invocation = make_invocation(
            call.scheduler.function, call.target, call.parameters, call.request_id, payload
        )
        if call.parameters.invocation_type == DRY_RUN:
            exchange.respond(204, call.fields())
        elif call.parameters.invocation_type == ASYNCHRONOUS:
            try:
                self._events.accept(call.scheduler, invocation, call.version)
            except QueueFull:
                raise errors.throttled() from None
            exchange.respond(202, call.fields())
        else:
            invoke = _streamed if call.target.streams else _collected
            try:
                call.scheduler.submit(invoke(exchange, call, invocation))
            except Throttled:
                raise errors.throttled() from None


class Call(NamedTuple):
    """One request of a caller, understood."""

    scheduler: Scheduler
    target: Operation
    parameters: InvokeParameters
    request_id: str

    @property
    def version(self) -> str:
        """The version that runs."""
        return self.scheduler.function.executed_version(self.target.qualifier)

    def fields(self) -> tuple[tuple[str, str], ...]:
        """Return the header fields that all answers have."""
        return (
            ("Date", _date(int(time.time()))),
            ("x-amzn-RequestId", self.request_id),
            ("X-Amzn-Trace-Id", self.parameters.trace_id),
            ("X-Amz-Executed-Version", self.version),
            ("x-amzn-Remapped-Content-Length", "0"),
        )


def _streamed(exchange: Exchange, call: Call, invocation: Invocation) -> Invoke:
    return StreamedInvoke(
        invocation,
        exchange,
        call.fields(),
        version=call.version,
        wants_tail=call.parameters.wants_tail,
    )


def _collected(exchange: Exchange, call: Call, invocation: Invocation) -> Invoke:
    def settled(outcome: Outcome) -> None:
        fields = (("Content-Type", JSON_TYPE), *call.fields())
        if outcome.error_type is not None:
            fields += (("X-Amz-Function-Error", UNHANDLED),)
        if call.parameters.wants_tail:
            fields += (("X-Amz-Log-Result", outcome.encoded_tail),)
        exchange.respond(200, fields, outcome.payload)

    def caller_left() -> None:
        invoke.abandoned = True

    invoke = Invoke(
        invocation, settled, version=call.version, wants_tail=call.parameters.wants_tail
    )
    exchange.on_gone = caller_left
    return invoke


@lru_cache(maxsize=1)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


_parse = lru_cache(maxsize=1_000)(parse_operation)
