"""The Runtime API: paths, header names, limits, and the form of an invocation.

Source: "Using the Lambda runtime API for custom runtimes" in the AWS Lambda developer guide, and
the behaviour of AWS's runtime interface clients and emulator.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = "/2018-06-01"
NEXT_INVOCATION = VERSION + "/runtime/invocation/next"
INVOCATION = VERSION + "/runtime/invocation/"  # followed by the request id and one of:
RESPONSE = "/response"
ERROR = "/error"
INIT_ERROR = VERSION + "/runtime/init/error"
RESTORE_NEXT = VERSION + "/runtime/restore/next"
RESTORE_ERROR = VERSION + "/runtime/restore/error"

REQUEST_ID = "Lambda-Runtime-Aws-Request-Id"
DEADLINE = "Lambda-Runtime-Deadline-Ms"
FUNCTION_ARN = "Lambda-Runtime-Invoked-Function-Arn"
TRACE_ID = "Lambda-Runtime-Trace-Id"
CLIENT_CONTEXT = "Lambda-Runtime-Client-Context"
COGNITO_IDENTITY = "Lambda-Runtime-Cognito-Identity"
TENANT_ID = "Lambda-Runtime-Aws-Tenant-Id"
INVOCATION_ID = "Lambda-Runtime-Invocation-Id"

FUNCTION_ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
FUNCTION_ERROR_BODY = "Lambda-Runtime-Function-Error-Body"
XRAY_ERROR_CAUSE = "Lambda-Runtime-Function-XRay-Error-Cause"
RESPONSE_MODE = "Lambda-Runtime-Function-Response-Mode"
STREAMING = "streaming"

JSON_TYPE = "application/json"
BINARY_TYPE = "application/unknown"
STREAM_TYPE = "application/octet-stream"
HTTP_INTEGRATION_TYPE = "application/vnd.awslambda.http-integration-response"
PRELUDE_END = b"\0" * 8
"""Separates the HTTP prelude of a stream from its body."""

MAX_EVENT = 6 * 1_048_576
"""Largest event of a synchronous invoke in bytes."""

MAX_RESPONSE = 6 * 1_048_576 + 100
"""Largest response that is not streamed, in bytes."""

MAX_XRAY_CAUSE = 1_048_576
"""Largest X-Ray error cause in bytes: a longer one is left out."""


class Invocation:
    """One invocation as the Runtime API hands it to the runtime.

    `deadline_ms` is in milliseconds since the epoch, 0 if missing. Other missing or empty
    fields are None, except `function_arn`, which is then "", and `content_type`, which is JSON.
    `client_context` and `cognito_identity` are JSON texts.
    """

    __slots__ = (
        "client_context",
        "cognito_identity",
        "content_type",
        "deadline_ms",
        "function_arn",
        "invocation_id",
        "payload",
        "request_id",
        "tenant_id",
        "trace_id",
    )

    def __init__(
        self,
        request_id: str,
        payload: bytes,
        *,
        deadline_ms: int = 0,
        function_arn: str = "",
        trace_id: str | None = None,
        client_context: str | None = None,
        cognito_identity: str | None = None,
        tenant_id: str | None = None,
        invocation_id: str | None = None,
        content_type: str = JSON_TYPE,
    ) -> None:
        self.request_id = request_id
        self.payload = payload
        self.deadline_ms = deadline_ms
        self.function_arn = function_arn
        self.trace_id = trace_id
        self.client_context = client_context
        self.cognito_identity = cognito_identity
        self.tenant_id = tenant_id
        self.invocation_id = invocation_id
        self.content_type = content_type

    @classmethod
    def from_fields(cls, fields: Iterable[tuple[bytes, bytes]], payload: bytes) -> Invocation:
        """Read an invocation from the response to `next`.

        Raises ValueError when it has no request id, or a deadline that is not a number.
        """
        invocation = cls("", payload)
        for name, value in fields:
            if name in _ATTRIBUTES and value:
                setattr(invocation, _ATTRIBUTES[name], value.decode("utf-8", "replace"))
        if not invocation.request_id:
            raise ValueError(f"the answer has no {REQUEST_ID}")
        invocation.deadline_ms = int(invocation.deadline_ms)
        return invocation

    def to_fields(self) -> list[tuple[str, str]]:
        """Return the header fields of the response to `next`, without missing values."""
        fields = [("Content-Type", self.content_type)]
        for name, attribute in _NAMES.items():
            value = getattr(self, attribute)
            if value:
                fields.append((name, str(value)))
        return fields


_NAMES = {
    REQUEST_ID: "request_id",
    DEADLINE: "deadline_ms",
    FUNCTION_ARN: "function_arn",
    TRACE_ID: "trace_id",
    CLIENT_CONTEXT: "client_context",
    COGNITO_IDENTITY: "cognito_identity",
    TENANT_ID: "tenant_id",
    INVOCATION_ID: "invocation_id",
}
_ATTRIBUTES = {name.lower().encode(): attribute for name, attribute in _NAMES.items()}
_ATTRIBUTES[b"content-type"] = "content_type"


class Requests:
    """The requests of a runtime to one Runtime API, as bytes, prepared where possible.

    `host` is `host:port`, `path` the part of the URL before the version (usually empty).
    """

    __slots__ = ("_common", "_path", "next_invocation", "restore_next")

    def __init__(self, host: str, path: str, user_agent: str) -> None:
        self._path = path
        self._common = f" HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {user_agent}\r\n"
        self.next_invocation = f"GET {path}{NEXT_INVOCATION}{self._common}\r\n".encode()
        self.restore_next = f"GET {path}{RESTORE_NEXT}{self._common}\r\n".encode()

    def response(self, invocation: Invocation, content_type: str, size: int) -> bytes:
        """Return the head of the result of an invocation."""
        return (
            f"{self._post(invocation, RESPONSE)}Content-Type: {content_type}\r\n"
            f"Content-Length: {size}\r\n\r\n"
        ).encode()

    def error(self, invocation: Invocation, xray_cause: str, size: int) -> bytes:
        """Return the head of the error of an invocation; the cause is JSON on one line."""
        return (
            f"{self._post(invocation, ERROR)}Content-Type: {JSON_TYPE}\r\n"
            f"{XRAY_ERROR_CAUSE}: {xray_cause}\r\nContent-Length: {size}\r\n\r\n"
        ).encode()

    def stream(self, invocation: Invocation, content_type: str) -> bytes:
        """Return the head of a streamed result, whose body is chunked and may have trailers.

        Raises ValueError if the content type, which the user sets, has a control character.
        """
        if not content_type.isprintable():
            raise ValueError(f"a control character in the content type {content_type!r}")
        return (
            f"{self._post(invocation, RESPONSE)}Content-Type: {content_type}\r\n"
            f"{RESPONSE_MODE}: {STREAMING}\r\nTransfer-Encoding: chunked\r\n"
            f"Trailer: {FUNCTION_ERROR_TYPE}\r\nTrailer: {FUNCTION_ERROR_BODY}\r\n\r\n"
        ).encode()

    def failure(self, path: str, error_type: str, size: int) -> bytes:
        """Return the head of an error outside any invocation: INIT_ERROR or RESTORE_ERROR."""
        return (
            f"POST {self._path}{path}{self._common}{FUNCTION_ERROR_TYPE}: {error_type}\r\n"
            f"Content-Length: {size}\r\n\r\n"
        ).encode()

    def _post(self, invocation: Invocation, action: str) -> str:
        request_id = invocation.request_id
        if not request_id.replace("-", "").isalnum() or not request_id.isascii():
            request_id = _escaped(request_id)
        start = f"POST {self._path}{INVOCATION}{request_id}{action}{self._common}"
        if invocation.invocation_id:
            return f"{start}{INVOCATION_ID}: {invocation.invocation_id}\r\n"
        return start


def _escaped(segment: str) -> str:
    """Return a text as one segment of a path; `urllib` would cost as much as all of this does."""
    return "".join(
        chr(byte) if byte in _UNRESERVED else f"%{byte:02X}" for byte in segment.encode()
    )


_UNRESERVED = b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"
