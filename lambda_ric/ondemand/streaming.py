"""Response streaming: each piece is sent when the handler yields it.

A failure before the first piece is an ordinary error of the invocation. After it, the stream ends
with two trailers that carry the error, since the response has begun (source: "Response streaming"
of "Building a custom runtime" in the AWS Lambda developer guide).
"""

from __future__ import annotations

from lambda_ric.ondemand.trailers import error_trailers
from lambda_ric.runtime import doors
from lambda_ric.runtime.errors import MARSHAL_ERROR, Fault
from lambda_ric.sdk.responses import HttpPrelude, StreamingResponse
from lambda_ric.wire.runtime_api import STREAM_TYPE
from lambda_ric.wire.writers import encode_chunk, encode_last_chunk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import Any

    from lambda_ric.ondemand.report import Report
    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.runtime.loop import Runtime
    from lambda_ric.wire.runtime_api import Invocation


class Stream:
    """A result that is sent piece by piece. Creating it takes the first piece.

    `failure` is the exception that the body raised later. Raises those before its first piece.
    """

    def __init__(self, runtime: Runtime, context: LambdaContext, result: Any) -> None:
        self.content_type = STREAM_TYPE
        self._runtime = runtime
        self._context = context
        self._request_id = context.aws_request_id
        self._head = b""
        self._begun = False
        self.failure: Exception | None = None
        self._end = encode_last_chunk()
        self._body: Any = result.body if isinstance(result, StreamingResponse) else result
        self._pieces = _iterate(self._body, runtime, context)
        try:
            if isinstance(result, StreamingResponse):
                self._set_head(result.prelude or result)
            self._first = self._next()
        except BaseException:
            self._close()
            raise

    def send(self, invocation: Invocation) -> None:
        """Send the whole stream. An error of the body ends it with trailers, and is logged.

        Raises Undelivered when the peer stops reading: the body is closed then.
        """
        api = self._runtime.api
        try:
            api.open_stream(invocation, self.content_type, self._first)
            while piece := self._next_unless_it_fails():
                api.send(piece)
            api.send(self._end)
            api.finish_stream()
        finally:
            self._close()

    def _next_unless_it_fails(self) -> bytes:
        """Return the next piece as a chunk; b"" at the end, also after an error."""
        try:
            return self._next()
        except Exception as error:
            self.failure = error
            self._end = encode_last_chunk(error_trailers(self._log(error), self._request_id))
            return b""

    def _next(self) -> bytes:
        """Return the next piece as a chunk; b"" at the end. The first one includes the prelude."""
        for piece in self._pieces:
            if isinstance(piece, HttpPrelude):
                if self._begun:
                    raise _unable("HttpPrelude must come first")
                self._set_head(piece)
                return self._take_head()
            data = _to_bytes(piece)
            if data:
                return self._take_head() + encode_chunk(data)
        return self._take_head()

    def _set_head(self, source: HttpPrelude | StreamingResponse) -> None:
        self.content_type = source.content_type
        if isinstance(source, HttpPrelude):
            self._head = encode_chunk(source.encode())

    def _take_head(self) -> bytes:
        head, self._head, self._begun = self._head, b"", True
        return head

    def _close(self) -> None:
        """Let the body run its `finally`, if it has not ended; log an error there."""
        closings: list[Callable[[], object]] = [self._pieces.close]
        if hasattr(self._body, "__aiter__"):
            closings.append(self._close_on_loop)
        elif callable(getattr(self._body, "close", None)):
            closings.append(self._body.close)
        for close in closings:
            try:
                close()
            except Exception as error:
                self._log(error)

    def _close_on_loop(self) -> None:
        loop = doors.event_loop(self._runtime)
        loop.close_iterable(self._body, self._context.get_remaining_time_in_millis())

    def _log(self, error: Exception) -> Report:
        report = doors.explain(error)
        report.log(self._runtime.settings, self._runtime.sink, self._request_id)
        return report


def _iterate(body: Any, runtime: Runtime, context: LambdaContext) -> Generator[Any, None, None]:
    if hasattr(body, "__aiter__"):
        loop = doors.event_loop(runtime)
        yield from loop.iterate(body, context.get_remaining_time_in_millis())
    else:
        yield from body


def _to_bytes(piece: Any) -> bytes:
    if isinstance(piece, str):
        try:
            return piece.encode()
        except UnicodeEncodeError as error:
            raise _unable(str(error)) from error
    if isinstance(piece, (bytes, bytearray, memoryview)):
        return bytes(piece)
    raise _unable(f"a stream yields bytes or str, not {type(piece).__name__}")


def _unable(reason: str) -> Fault:
    return Fault(MARSHAL_ERROR, f"Unable to marshal response: {reason}")
