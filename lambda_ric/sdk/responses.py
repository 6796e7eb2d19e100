"""Values that a handler returns or yields to stream its response."""

from __future__ import annotations

from lambda_ric.runtime import payloads
from lambda_ric.wire.runtime_api import HTTP_INTEGRATION_TYPE, PRELUDE_END, STREAM_TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Iterable, Mapping, Sequence

    Chunk = bytes | bytearray | memoryview | str


class HttpPrelude:
    """Status, headers and cookies of a streamed HTTP response: the first thing a generator yields.

    For a Function URL with the invoke mode RESPONSE_STREAM and for API Gateway (source: "Writing
    response streaming-enabled Lambda functions" in the AWS Lambda developer guide).
    """

    __slots__ = ("cookies", "headers", "status_code")

    content_type = HTTP_INTEGRATION_TYPE

    def __init__(
        self,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        cookies: Sequence[str] | None = None,
    ) -> None:
        self.status_code = status_code
        self.headers = headers
        self.cookies = cookies

    def encode(self) -> bytes:
        """Return the bytes before the body: JSON and eight NUL bytes."""
        fields: dict[str, object] = {"statusCode": self.status_code}
        if self.headers:
            fields["headers"] = {name: str(value) for name, value in self.headers.items()}
        if self.cookies:
            fields["cookies"] = list(self.cookies)
        return payloads.encode(fields).encode() + PRELUDE_END


class StreamingResponse:
    """A response that is sent piece by piece, as its body yields the pieces.

    `body` is an iterable or async iterable of bytes and str, or a single bytes or str. With any of
    `status_code`, `headers` and `cookies` it is an HTTP response, and its content type goes among
    the headers. Raises ValueError for a content type with a line break.
    """

    __slots__ = ("body", "content_type", "prelude")

    def __init__(
        self,
        body: Iterable[Chunk | HttpPrelude] | AsyncIterable[Chunk | HttpPrelude] | Chunk,
        *,
        content_type: str = STREAM_TYPE,
        status_code: int | None = None,
        headers: Mapping[str, str] | None = None,
        cookies: Sequence[str] | None = None,
    ) -> None:
        if not content_type.isprintable():
            raise ValueError(f"a content type cannot be {content_type!r}")
        # Nobody wants the characters of a text, or the numbers in bytes, one by one.
        self.body = (body,) if isinstance(body, (str, bytes, bytearray, memoryview)) else body
        self.content_type = content_type
        self.prelude: HttpPrelude | None = None
        if status_code is not None or headers is not None or cookies is not None:
            named = {name.lower() for name in headers or {}}
            typed = {} if "content-type" in named else {"content-type": content_type}
            self.prelude = HttpPrelude(status_code or 200, {**typed, **(headers or {})}, cookies)
