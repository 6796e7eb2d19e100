"""`awslambdaric.bootstrap`: the steps of one invocation, in functions named as in AWS's client.

Each function looks the others up in this module when it calls them, so that a tool's replacements
are called. (Source: AWS's runtime interface client, whose names and arguments these are.)
"""

from __future__ import annotations

import json

from lambda_ric.ondemand.json_logs import JsonFormatter
from lambda_ric.ondemand.logs import InvocationFilter as LambdaLoggerFilter
from lambda_ric.ondemand.logs import LambdaLoggerHandler, LambdaLoggerHandlerWithFrameType
from lambda_ric.ondemand.report import explain
from lambda_ric.ondemand.seams.client import LambdaRuntimeClient
from lambda_ric.ondemand.seams.context import LambdaContext
from lambda_ric.ondemand.seams.exceptions import FaultException
from lambda_ric.ondemand.seams.log_utils import ErrorResult, StandardLogSink
from lambda_ric.ondemand.seams.marshaller import to_json
from lambda_ric.runtime.errors import CONTEXT_UNMARSHAL_ERROR, Fault
from lambda_ric.runtime.handler import load
from lambda_ric.wire.runtime_api import STREAM_TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.ondemand.report import Report
    from lambda_ric.runtime.handler import Function

__all__ = [
    "FaultException",
    "JsonFormatter",
    "LambdaContext",
    "LambdaLoggerFilter",
    "LambdaLoggerHandler",
    "LambdaLoggerHandlerWithFrameType",
    "LambdaRuntimeClient",
    "StandardLogSink",
    "_get_handler",
    "create_lambda_context",
    "handle_event_request",
    "log_error",
    "make_error",
    "parse_json_header",
    "to_json",
]

STREAMED = object()
"""The handler's result after its stream has been sent."""


def _get_handler(handler: str) -> Function:
    """Return the function that a handler string names. Raises a FaultException."""
    try:
        return load(handler)
    except Fault as fault:
        message, trace = str(fault), fault.trace
        raise FaultException(fault.error_type, message, trace) from fault.__cause__


def handle_event_request(
    lambda_runtime_client: Any,
    request_handler: Function,
    invoke_id: str,
    event_body: bytes,
    content_type: str,
    client_context_json: str | None,
    cognito_identity_json: str | None,
    invoked_function_arn: str,
    epoch_deadline_time_in_ms: int,
    tenant_id: str | None,
    log_sink: Any,
    invocation_id: str | None = None,
) -> None:
    """Serve one invocation: call the handler, and send its result or error."""
    failure: Exception | None = None
    try:
        context = create_lambda_context(
            client_context_json,
            cognito_identity_json,
            epoch_deadline_time_in_ms,
            invoke_id,
            invoked_function_arn,
            tenant_id,
        )
        event = lambda_runtime_client.marshaller.unmarshal_request(event_body, content_type)
        response = request_handler(event, context)
        if response is STREAMED:
            result, result_type = "", STREAM_TYPE
        else:
            result, result_type = lambda_runtime_client.marshaller.marshal_response(response)
    except Exception as error:
        if error is getattr(lambda_runtime_client, "lost", None):
            raise
        failure = error
    # Outside of the handler's `except`, as in AWS's client: tools ask sys.exc_info().
    if failure is not None:
        fail(lambda_runtime_client, failure, invoke_id, log_sink, invocation_id)
    else:
        lambda_runtime_client.post_invocation_result(invoke_id, result, result_type, invocation_id)


def fail(
    lambda_runtime_client: Any,
    error: Exception,
    invoke_id: str,
    log_sink: Any,
    invocation_id: str | None = None,
) -> None:
    """Log the error of an invocation, and send it."""
    report = explain(error)
    error_result = describe(report, invoke_id)
    if getattr(lambda_runtime_client, "reported", None) is not error:
        log_error(error_result, log_sink)
    lambda_runtime_client.post_invocation_error(
        invoke_id, to_json(error_result), to_json(report.xray_fields()), invocation_id
    )


def describe(report: Report, invoke_id: str) -> Any:
    """Return what `make_error` makes of a report."""
    error_result = make_error(report.message, report.error_type, report.stack_trace, invoke_id)
    if isinstance(error_result, ErrorResult):
        error_result.report = report
    return error_result


def make_error(
    error_message: str | None,
    error_type: str | None,
    stack_trace: list[str] | None,
    invoke_id: str | None = None,
) -> dict[str, Any]:
    """Return an error as it is sent and logged."""
    return ErrorResult(
        errorMessage=error_message or "",
        errorType=error_type or "",
        requestId=invoke_id or "",
        stackTrace=stack_trace or [],
    )


def log_error(error_result: dict[str, Any], log_sink: Any) -> None:
    """Write an error to the log, with the exceptions behind it where they are known."""
    log_sink.log_error_result(error_result)


def create_lambda_context(
    client_context_json: str | None,
    cognito_identity_json: str | None,
    epoch_deadline_time_in_ms: int,
    invoke_id: str,
    invoked_function_arn: str,
    tenant_id: str | None,
) -> Any:
    """Return the context of an invocation. Raises a FaultException when a header is not JSON."""
    client_context = cognito_identity = None
    if client_context_json:
        client_context = parse_json_header(client_context_json, "Client Context")
    if cognito_identity_json:
        cognito_identity = parse_json_header(cognito_identity_json, "Cognito Identity")
    return LambdaContext(
        invoke_id,
        client_context,
        cognito_identity,
        epoch_deadline_time_in_ms,
        invoked_function_arn,
        tenant_id,
    )


def parse_json_header(header: str, name: str) -> Any:
    """Parse a header field that holds JSON. Raises a FaultException."""
    try:
        return json.loads(header)
    except ValueError as error:
        message = f"Unable to parse {name} JSON: {error}"
        raise FaultException(CONTEXT_UNMARSHAL_ERROR, message) from None
