"""The parameters of an invoke: read from path and headers, and checked.

Source: the parameters of Invoke in the Lambda API reference.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import NamedTuple

from lambda_ric.emulator.api_errors import invalid_parameter
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.http.dates import http_date
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import new_request_id, new_trace_id
from lambda_ric.emulator.invoke_api.errors import invalid_content
from lambda_ric.emulator.invoke_api.unparsable import unparsable
from lambda_ric.wire.runtime_api import Invocation

SYNCHRONOUS = "RequestResponse"
ASYNCHRONOUS = "Event"
DRY_RUN = "DryRun"

MAX_CLIENT_CONTEXT = 3_583
"""Largest client context in bytes, before it is decoded."""

_TENANT = re.compile(r"[a-zA-Z0-9._:/=+\-@ ]{1,256}")


class Operation(NamedTuple):
    """One of the ways to invoke a function: the invocation types it takes, and its default."""

    invocation_types: tuple[str, ...]
    invocation_type: str = SYNCHRONOUS
    streams: bool = False


INVOKE = Operation((SYNCHRONOUS, ASYNCHRONOUS, DRY_RUN))
INVOKE_ASYNC = Operation((ASYNCHRONOUS,), ASYNCHRONOUS)
INVOKE_WITH_RESPONSE_STREAM = Operation((SYNCHRONOUS, DRY_RUN), streams=True)


class InvokeParameters(NamedTuple):
    """How the caller wants the function invoked. `version` is the one that runs.

    All of it follows from the head of the request; `trace_id` is None if that names none.
    """

    function_arn: str
    version: str
    invocation_type: str
    wants_tail: bool
    client_context: str | None
    cognito_identity: str | None
    tenant_id: str | None
    trace_id: str | None

    def response_fields(self, invocation: Invocation) -> tuple[tuple[str, str], ...]:
        """Return the header fields of a response; only a RequestResponse names the version."""
        fields: tuple[tuple[str, str], ...] = (
            ("Date", http_date()),
            ("x-amzn-RequestId", invocation.request_id),
            ("X-Amzn-Trace-Id", invocation.trace_id or ""),
            ("x-amzn-Remapped-Content-Length", "0"),
        )
        if self.invocation_type == SYNCHRONOUS:
            fields += (("X-Amz-Executed-Version", self.version),)
        return fields


def read_parameters(
    exchange: Exchange,
    operation: Operation,
    function: FunctionConfig,
    arn: str,
    qualifier: str | None,
) -> InvokeParameters:
    """Read the headers of an invoke of this ARN. Raises ApiError."""
    fields = exchange.fields
    invocation_type = operation.invocation_type
    if b"x-amz-invocation-type" in fields and operation is not INVOKE_ASYNC:
        invocation_type = exchange.field(b"x-amz-invocation-type") or SYNCHRONOUS
        if invocation_type not in operation.invocation_types:
            allowed = operation.invocation_types
            raise invalid_parameter(f"Invocation type {invocation_type!r} is not one of {allowed}")
    synchronous = invocation_type == SYNCHRONOUS
    tenant_id = _tenant_id(exchange) if b"x-amz-tenant-id" in fields else None
    if function.tenant_isolation:
        check_tenant(function, tenant_id)
    context = fields.get(b"x-amz-client-context")
    return InvokeParameters(
        arn,
        function.executed_version(qualifier) if qualifier else function.version,
        invocation_type,
        synchronous and b"x-amz-log-type" in fields and _wants_tail(exchange),
        _client_context(context) if context and synchronous else None,
        exchange.field(b"x-amz-cognito-identity") if b"x-amz-cognito-identity" in fields else None,
        tenant_id,
        exchange.field(b"x-amzn-trace-id") if b"x-amzn-trace-id" in fields else None,
    )


def make_invocation(parameters: InvokeParameters, payload: bytes) -> Invocation:
    """Return the invocation for the runtime. Raises ApiError for a payload that is not JSON."""
    return Invocation(
        new_request_id(),
        checked_payload(payload),
        function_arn=parameters.function_arn,
        trace_id=new_trace_id() if parameters.trace_id is None else parameters.trace_id,
        client_context=parameters.client_context,
        cognito_identity=parameters.cognito_identity,
        tenant_id=parameters.tenant_id,
    )


def checked_payload(payload: bytes) -> bytes:
    """Return a payload, an empty one as `{}`. Raises ApiError when it is not JSON."""
    if not payload:
        return b"{}"
    try:
        text = payload.decode()
        bare = text[0] not in _BLANKS and text[-1] not in _BLANKS
        if not (bare and _json.raw_decode(text)[1] == len(text)):  # half the work of decode
            _json.decode(text)
    except (ValueError, RecursionError) as error:
        raise invalid_content(unparsable(error)) from None
    return payload


def check_tenant(function: FunctionConfig, tenant_id: str | None) -> None:
    """Check that an invoke names a tenant, if the function needs one. Raises ApiError."""
    if function.tenant_isolation and not tenant_id:
        raise invalid_parameter(
            "The invoked function is enabled with tenancy configuration. "
            "Add a valid tenant ID in your request and try again."
        )


def _wants_tail(exchange: Exchange) -> bool:
    log_type = exchange.field(b"x-amz-log-type")
    if log_type not in ("", "None", "Tail"):
        raise invalid_parameter(f"Log type {log_type!r} is neither 'None' nor 'Tail'")
    return log_type == "Tail"


def _tenant_id(exchange: Exchange) -> str | None:
    tenant_id = exchange.field(b"x-amz-tenant-id")
    if tenant_id and not _TENANT.fullmatch(tenant_id):
        raise invalid_parameter("The tenant id holds a character that is not allowed")
    return tenant_id or None


def _client_context(encoded: bytes) -> str:
    """Return a client context as it can travel in a header field."""
    try:
        if len(encoded) > MAX_CLIENT_CONTEXT:
            raise ValueError("too long")
        text = b64decode(encoded, validate=True).decode()
        if not isinstance(_json.decode(text), dict):
            raise ValueError("not an object")
    except (ValueError, RecursionError):
        message = "Client context must be a valid Base64-encoded JSON object."
        raise invalid_content(message) from None
    # Line breaks occur only between the parts of JSON, a DEL only within its strings.
    return text.replace("\r", " ").replace("\n", " ").replace("\x7f", "\\u007f")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_BLANKS = " \t\r\n"
_json = json.JSONDecoder(parse_constant=_refuse_constant)
"""Parses JSON alone: NaN and Infinity, which Python's parser takes, are refused."""
