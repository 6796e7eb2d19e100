"""Invokes of durable functions: they start executions, which may go on for days."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from lambda_ric.emulator.api_errors import ApiError, invalid_parameter
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import UNHANDLED, Outcome
from lambda_ric.emulator.invoke_api.parameters import ASYNCHRONOUS, InvokeParameters
from lambda_ric.wire.runtime_api import JSON_TYPE, Invocation

_NAME = re.compile(r"[a-zA-Z0-9-_]{1,64}")


class StartExecution(Protocol):
    """Starts executions of durable functions."""

    def __call__(
        self,
        function: FunctionConfig,
        version: str,
        invocation: Invocation,
        name: str | None,
        waiter: Callable[[Outcome], None] | None,
    ) -> str:
        """Return the ARN of the execution; `waiter` is called when it ends. Raises ApiError."""


def start_execution(
    exchange: Exchange,
    function: FunctionConfig,
    parameters: InvokeParameters,
    invocation: Invocation,
    start: StartExecution,
) -> None:
    """Start an execution for an invoke, and answer when it has ended, or at once for an event.

    Raises ApiError for a name that is malformed, or taken.
    """
    name = exchange.field(b"x-amz-durable-execution-name") or None
    if name is not None and not _NAME.fullmatch(name):
        raise invalid_parameter(
            f"1 validation error detected: Value '{name[:100]}' at 'durableExecutionName' failed "
            "to satisfy constraint: Member must satisfy regular expression pattern: "
            f"{_NAME.pattern}"
        )
    fields = parameters.response_fields(invocation)
    if parameters.invocation_type == ASYNCHRONOUS:
        arn = start(function, parameters.version, invocation, name, None)
        exchange.respond(202, (*fields, _arn_field(arn)))
        return
    arns: list[str] = []
    early: list[Outcome] = []

    def ended(outcome: Outcome) -> None:
        if not arns:  # it had ended before
            early.append(outcome)
            return
        answer = (*fields, _arn_field(arns[0]), ("Content-Type", JSON_TYPE))
        if outcome.error_type is not None:
            answer += (("X-Amz-Function-Error", UNHANDLED),)
        if parameters.wants_tail:
            answer += (("X-Amz-Log-Result", outcome.encoded_tail),)
        exchange.respond(200, answer, outcome.payload)

    arns.append(start(function, parameters.version, invocation, name, ended))
    for outcome in early:
        ended(outcome)


def refuse_stream() -> ApiError:
    """Return the error for a durable function whose result is asked for as a stream."""
    return invalid_parameter("InvokeWithResponseStream does not run durable functions.")


def _arn_field(arn: str) -> tuple[str, str]:
    return ("X-Amz-Durable-Execution-Arn", arn)
