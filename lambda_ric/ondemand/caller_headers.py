"""The headers about the caller of an invocation: client context, trace context, identity."""

from __future__ import annotations

import json

from lambda_ric.runtime.errors import CONTEXT_UNMARSHAL_ERROR, Fault
from lambda_ric.sdk.client_context import ClientContext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_TRACE_FIELDS = ("traceparent", "tracestate", "baggage")


def read_client_context(header: str) -> tuple[ClientContext | None, dict[str, str]]:
    """Return the client context in a header, and the W3C trace context, which is there too.

    Raises a Fault when the header is not JSON.
    """
    values = _parse("Client Context", header)
    trace_fields = take_trace_fields(values)
    return (None if values is None else ClientContext(values)), trace_fields


def read_identity(header: str) -> dict[str, Any]:
    """Return the Cognito identity in a header. Raises a Fault when it is not JSON."""
    values = _parse("Cognito Identity", header)
    return {} if values is None else values


def _parse(name: str, header: str) -> Any:
    try:
        return json.loads(header)
    except ValueError as error:
        message = f"Unable to parse {name} JSON: {error}"
        raise Fault(CONTEXT_UNMARSHAL_ERROR, message) from None


def take_trace_fields(client_context: Any) -> dict[str, str]:
    """Take the W3C trace context out of a client context, and return it."""
    if not isinstance(client_context, dict):
        return {}
    fields = client_context.pop("w3c", None)
    if not isinstance(fields, dict):
        return {}
    return {name: fields[name] for name in _TRACE_FIELDS if isinstance(fields.get(name), str)}
