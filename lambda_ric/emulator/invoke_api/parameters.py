"""What a caller asks for with an invoke: read from path and headers, and checked.

Source: the parameters of Invoke in the Lambda API reference.
"""

from __future__ import annotations

import json
import re
import time
from base64 import b64decode
from random import getrandbits
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

from lambda_ric.emulator.function import FunctionConfig, parse_name
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke_api.errors import invalid_content, invalid_parameter
from lambda_ric.wire.runtime_api import Invocation

SYNCHRONOUS = "RequestResponse"
ASYNCHRONOUS = "Event"
DRY_RUN = "DryRun"

MAX_CLIENT_CONTEXT = 3_583
"""Largest client context in bytes, before it is decoded."""

_TENANT = re.compile(r"[a-zA-Z0-9._:/=+\-@ ]{1,256}")


class Operation(NamedTuple):
    """Which operation a request asks for, and of which function."""

    streams: bool
    name: str
    qualifier: str | None
    always_async: bool = False


def parse_operation(target: str) -> Operation | None:
    """Read a request target. Returns None for other paths, raises ApiError for odd names."""
    path, _, query = target.partition("?")
    for start, end, streams, always_async in _OPERATIONS:
        if path.startswith(start) and path.endswith(end) and len(path) > len(start) + len(end):
            text = unquote(path[len(start) : -len(end)])
            qualifier = parse_qs(query).get("Qualifier", [None])[0]
            try:
                name, qualifier = parse_name(text, qualifier)
            except ValueError as error:
                raise invalid_parameter(str(error)) from None
            return Operation(streams, name, qualifier, always_async)
    return None


_OPERATIONS = (
    ("/2015-03-31/functions/", "/invocations", False, False),
    ("/2021-11-15/functions/", "/response-streaming-invocations", True, False),
    ("/2014-11-13/functions/", "/invoke-async", False, True),
    ("/2014-11-13/functions/", "/invoke-async/", False, True),
)


class InvokeParameters(NamedTuple):
    """How the caller wants the function invoked."""

    invocation_type: str
    wants_tail: bool
    client_context: str | None
    cognito_identity: str | None
    tenant_id: str | None
    trace_id: str


def read_parameters(exchange: Exchange, target: Operation) -> InvokeParameters:
    """Read the headers of an invoke. Raises ApiError."""
    field = exchange.fields.get
    invocation_type = exchange.field(b"x-amz-invocation-type") or SYNCHRONOUS
    if target.always_async:
        invocation_type = ASYNCHRONOUS
    allowed = (SYNCHRONOUS, DRY_RUN) if target.streams else (SYNCHRONOUS, ASYNCHRONOUS, DRY_RUN)
    if invocation_type not in allowed:
        raise invalid_parameter(f"Invocation type {invocation_type!r} is not one of {allowed}")
    log_type = exchange.field(b"x-amz-log-type")
    if log_type not in ("", "None", "Tail"):
        raise invalid_parameter(f"Log type {log_type!r} is neither 'None' nor 'Tail'")
    tenant_id = exchange.field(b"x-amz-tenant-id") or None
    if tenant_id and not _TENANT.fullmatch(tenant_id):
        raise invalid_parameter("The tenant id holds a character that is not allowed")
    context = field(b"x-amz-client-context")
    return InvokeParameters(
        invocation_type,
        log_type == "Tail" and invocation_type == SYNCHRONOUS,
        _client_context(context) if context and invocation_type == SYNCHRONOUS else None,
        exchange.field(b"x-amz-cognito-identity") or None,
        tenant_id,
        exchange.field(b"x-amzn-trace-id") or new_trace_id(),
    )


def make_invocation(
    function: FunctionConfig,
    target: Operation,
    parameters: InvokeParameters,
    request_id: str,
    payload: bytes,
) -> Invocation:
    """Return what the runtime will get. Raises ApiError for a payload that is not JSON."""
    return Invocation(
        request_id,
        checked_payload(payload),
        function_arn=function.arn(target.qualifier),
        trace_id=parameters.trace_id,
        client_context=parameters.client_context,
        cognito_identity=parameters.cognito_identity,
        tenant_id=parameters.tenant_id,
    )


def checked_payload(payload: bytes) -> bytes:
    """Return a payload, an empty one as `{}`. Raises ApiError when it is not JSON."""
    if not payload:
        return b"{}"
    try:
        json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        raise invalid_content(f"Could not parse request body into json: {error}") from None
    return payload


def new_request_id() -> str:
    """Return a random UUID; uuid.uuid4 takes ten times as long."""
    digits = f"{getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"


def new_trace_id() -> str:
    """Return a trace id as X-Ray gives to a request that is not sampled."""
    random = f"{getrandbits(160):040x}"
    return f"Root=1-{int(time.time()):08x}-{random[:24]};Parent={random[24:]};Sampled=0"


def _client_context(encoded: bytes) -> str:
    try:
        if len(encoded) > MAX_CLIENT_CONTEXT:
            raise ValueError("too long")
        text = b64decode(encoded, validate=True).decode()
        json.loads(text)
    except (ValueError, RecursionError):
        message = "Client context must be a valid Base64-encoded JSON object."
        raise invalid_content(message) from None
    return text.replace("\r", " ").replace("\n", " ")  # it travels in a header
