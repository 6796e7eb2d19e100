"""The path of an invocation through the seams.

The plain loop knows nothing of them, so they cost nothing. Once a tool has asked for a seam, the
methods below replace those of `Runtime`, even in the middle of an invocation, because the first
invocation may set a tool up.
"""

from __future__ import annotations

import functools

from lambda_ric.ondemand import outcome
from lambda_ric.ondemand.seams import bootstrap
from lambda_ric.ondemand.seams.client import LambdaRuntimeClient, client_of
from lambda_ric.ondemand.seams.log_utils import StandardLogSink
from lambda_ric.runtime import doors
from lambda_ric.runtime.errors import RuntimeApiError
from lambda_ric.runtime.loop import Runtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from lambda_ric.ondemand.report import Report
    from lambda_ric.runtime.handler import Function
    from lambda_ric.runtime.loop import Outcome
    from lambda_ric.wire.runtime_api import Invocation


def take_over() -> None:
    """Send the invocations of this process through the seams from now on."""
    for method in (handle, respond, report, fail_init):
        setattr(Runtime, method.__name__, method)


def handle(self: Runtime, function: Function, invocation: Invocation) -> None:
    """Serve one invocation."""
    self.current.begin(invocation)
    client = client_of(self)
    bootstrap.handle_event_request(
        client,
        _complete(function, client, invocation),
        invocation.request_id,
        invocation.payload,
        invocation.content_type,
        invocation.client_context,
        invocation.cognito_identity,
        invocation.function_arn,
        invocation.deadline_ms,
        invocation.tenant_id,
        StandardLogSink(self),
        invocation.invocation_id,
    )


def respond(self: Runtime, invocation: Invocation, outcome: Outcome) -> None:
    """Send the result of an invocation in which the first tool asked for a seam."""
    client = client_of(self)
    body, content_type = outcome if isinstance(outcome, tuple) else (b"", outcome.content_type)
    if not isinstance(outcome, tuple):
        client.send_stream(invocation, outcome)
    client.post_invocation_result(
        invocation.request_id, body, content_type, invocation.invocation_id
    )


def report(self: Runtime, error: Exception, invocation: Invocation) -> None:
    """Send the error of an invocation in which the first tool asked for a seam."""
    client, sink = client_of(self), StandardLogSink(self)
    bootstrap.fail(client, error, invocation.request_id, sink, invocation.invocation_id)


def fail_init(self: Runtime, report: Report, error_type: str = "") -> None:
    """Log the error of the initialization, and send it."""
    error_result = bootstrap.describe(report, "")
    bootstrap.log_error(error_result, StandardLogSink(self))
    override = (error_type,) if error_type else ()
    client_of(self).post_init_error(error_result, *override)


def _complete(
    function: Function, client: LambdaRuntimeClient, invocation: Invocation
) -> Callable[[Any, Any], Any]:
    """Return the handler as a function that has done everything when it returns.

    A tool that wraps this function sees the end and the errors of coroutines and streams.
    """

    @functools.wraps(function)
    def handler(event: Any, context: Any) -> Any:
        result = outcome.wait_for(client.runtime, context, function(event, context))
        if not outcome.is_stream(result):
            return result
        stream = doors.begin_stream(client.runtime, context, result)
        client.streamed = True
        try:
            stream.send(invocation)
        except RuntimeApiError as error:
            client.lost = error
            raise
        if stream.failure is not None:
            client.reported = stream.failure
            raise stream.failure
        return bootstrap.STREAMED

    return handler
