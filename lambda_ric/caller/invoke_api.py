"""Lambda's Invoke API as a caller sees it: requests and responses as data, no connection.

Source: the Invoke and InvokeWithResponseStream actions in the AWS Lambda API reference.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import quote

from lambda_ric.caller.failure import FailurePayload, HandlerFailed, summary
from lambda_ric.caller.http_prelude import split_prelude
from lambda_ric.wire.event_stream import Message

InvocationType = Literal["RequestResponse", "Event", "DryRun"]
"""Wait for the result, queue the event, or only check whether Lambda would accept it."""


class InvokeRefused(Exception):
    """Lambda refused the request: unknown function, too large, throttled, and so on.

    `status` is the HTTP status, `error_type` AWS's name of the error, such as
    ResourceNotFoundException.
    """

    def __init__(self, status: int, error_type: str, message: str) -> None:
        super().__init__(f"{error_type} ({status}): {message}")
        self.status = status
        self.error_type = error_type
        self.message = message


@dataclass(frozen=True)
class InvokeRequest:
    """One request to invoke a function.

    `function` is a name or an ARN; the handler finds `client_context` as
    `context.client_context`; with `log_tail` the response includes the last 4 KB of the log.
    """

    payload: bytes
    function: str = "function"
    invocation_type: InvocationType = "RequestResponse"
    log_tail: bool = False
    client_context: Mapping[str, Any] | None = None
    tenant_id: str | None = None
    qualifier: str | None = None
    durable_execution_name: str | None = None

    def path(self, *, streamed: bool = False) -> str:
        """Return path and query of the URL, for the result as a whole or as a stream."""
        name = quote(self.function, safe="")
        path = f"/2015-03-31/functions/{name}/invocations"
        if streamed:
            path = f"/2021-11-15/functions/{name}/response-streaming-invocations"
        return f"{path}?Qualifier={quote(self.qualifier, safe='')}" if self.qualifier else path

    def headers(self) -> dict[str, str]:
        """Return the header fields of the request."""
        headers = {
            "Content-Type": "application/json",
            "X-Amz-Invocation-Type": self.invocation_type,
        }
        if self.log_tail:
            headers["X-Amz-Log-Type"] = "Tail"
        if self.client_context is not None:
            text = json.dumps(self.client_context).encode()
            headers["X-Amz-Client-Context"] = b64encode(text).decode()
        if self.tenant_id is not None:
            headers["X-Amz-Tenant-Id"] = self.tenant_id
        if self.durable_execution_name is not None:
            headers["X-Amz-Durable-Execution-Name"] = self.durable_execution_name
        return headers


@dataclass(frozen=True, repr=False)
class InvokeResult:
    """The outcome of an invoke.

    `status` is 200 with a result, 202 for an accepted event, 204 for a dry run.
    `function_error` is None, or "Unhandled" when `body` is the report of an error. `log_tail`
    is the end of the log, if it was requested.
    """

    status: int
    body: bytes
    function_error: str | None = None
    log_tail: str | None = None
    request_id: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def payload(self) -> Any:
        """The result parsed as JSON, None when it is empty.

        After an error it is the report of the error. Of a streamed HTTP response it is the body, as
        bytes. Raises ValueError for other bytes that are not JSON.
        """
        if self.error is not None:
            return FailurePayload(self.error)
        prelude, content = split_prelude(self.body)
        if prelude is not None:
            return content
        return json.loads(self.body) if self.body else None

    @property
    def durable_execution_arn(self) -> str | None:
        """The ARN of the execution that the invoke has started, None if it started none."""
        return self.headers.get("x-amz-durable-execution-arn")

    @property
    def error(self) -> dict[str, Any] | None:
        """The report of an error: errorType, errorMessage and more; None if all went well."""
        if self.function_error is None:
            return None
        try:
            report = json.loads(self.body)
        except ValueError:
            report = None
        if isinstance(report, dict):
            return report
        return {
            "errorType": self.function_error,
            "errorMessage": self.body.decode("utf-8", "replace"),
        }

    @property
    def prelude(self) -> dict[str, Any] | None:
        """Status, headers and cookies of a streamed HTTP response, None of any other result."""
        return None if self.error else split_prelude(self.body)[0]

    @property
    def chunks(self) -> list[bytes]:
        """The body of a streamed HTTP response in one piece: an answer as a whole has no others."""
        prelude, content = split_prelude(self.body)
        return [content] if prelude is not None and content else []

    def raise_for_error(self) -> InvokeResult:
        """Return this result. Raises HandlerFailed, with the stack trace, if it failed."""
        if self.error is not None:
            raise HandlerFailed(self.error)
        return self

    def __repr__(self) -> str:
        failed = f"error={summary(self.error)!r}, " if self.error else ""
        return (
            f"InvokeResult({failed}status={self.status}, body={self.body!r}, "
            f"log_tail={self.log_tail!r}, request_id={self.request_id!r})"
        )

    @classmethod
    def from_http(cls, status: int, headers: Mapping[str, str], body: bytes) -> InvokeResult:
        """Read the response to an invoke; the case of names in `headers` does not matter.

        Raises InvokeRefused for a status of 400 and more.
        """
        if status >= 400:
            raise refusal(status, headers, body)
        return cls(
            status,
            body,
            headers.get("X-Amz-Function-Error"),
            decode_log_tail(headers.get("X-Amz-Log-Result")),
            headers.get("x-amzn-RequestId"),
            headers,
        )


@dataclass(frozen=True)
class StreamEnd:
    """The end of a streamed invoke: error code and details are None if it succeeded."""

    error_code: str | None = None
    error_details: str | None = None
    log_tail: str | None = None

    @classmethod
    def from_message(cls, message: Message) -> StreamEnd:
        """Read an InvokeComplete event. Raises ValueError if it is not valid."""
        details = json.loads(message.payload or b"{}")
        return cls(
            details.get("ErrorCode"),
            details.get("ErrorDetails"),
            decode_log_tail(details.get("LogResult")),
        )


def encode_event(event: Any) -> bytes:
    """Return the payload for an event: bytes are sent unchanged, other values as JSON."""
    return event if isinstance(event, bytes) else json.dumps(event).encode()


def decode_log_tail(encoded: str | None) -> str | None:
    """Return the text of an X-Amz-Log-Result; the 4 KB may begin within a character."""
    return None if encoded is None else b64decode(encoded).decode("utf-8", "replace")


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> InvokeRefused:
    """Return the error in a response, even if the response is not Lambda's."""
    error_type = headers.get("x-amzn-ErrorType", "").partition(":")[0] or "error"
    text = body.decode("utf-8", "replace").strip()
    try:
        answer = json.loads(body)
        message = str(answer.get("message") or answer.get("Message") or text)
    except (ValueError, AttributeError):
        message = text
    return InvokeRefused(status, error_type, message)


def message_refusal(message: Message) -> InvokeRefused:
    """Return the error that ended a stream, from a message that is not an event."""
    error_type = message.headers.get(":exception-type") or message.headers.get(":error-code")
    refused = refusal(500, {"x-amzn-ErrorType": error_type or "error"}, message.payload)
    told = message.headers.get(":error-message")
    return InvokeRefused(500, refused.error_type, told or refused.message)
