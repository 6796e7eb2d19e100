"""Invokes functions over HTTP, for tests and the command line. Needs `httpx`.

It does not sign requests: it is for emulators, which need no signatures. boto3 with an
`endpoint_url` works as well; code under test will usually use that.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any

try:
    import httpx
except ImportError:
    raise ModuleNotFoundError(
        "the emulator's clients need httpx: pip install 'lambda-ric[local]'", name="httpx"
    ) from None

from lambda_ric.caller.default_endpoint import DEFAULT_ENDPOINT
from lambda_ric.caller.http_prelude import PreludeReader
from lambda_ric.caller.invoke_api import (
    InvokeRequest,
    InvokeResult,
    StreamEnd,
    message_refusal,
    refusal,
)
from lambda_ric.wire.event_stream import EventStreamError, MessageReader

if TYPE_CHECKING:
    from typing_extensions import Self

# A function may take 15 minutes without sending a byte.
_TIMEOUT = httpx.Timeout(5, read=None, write=None, pool=None)


class EndpointClient:
    """Connections to one endpoint; close it, or use it as a context manager."""

    def __init__(self, endpoint: str = DEFAULT_ENDPOINT) -> None:
        self._http = httpx.Client(**_options_for(endpoint))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class LambdaClient(EndpointClient):
    """Invokes functions at one endpoint; close it, or use it as a context manager.

    Methods raise InvokeRefused when Lambda refuses the request, and httpx.HTTPError when
    the endpoint cannot be reached.
    """

    def invoke(self, request: InvokeRequest) -> InvokeResult:
        """Invoke a function, and return the outcome."""
        answer = self._http.post(request.path(), headers=request.headers(), content=request.payload)
        return InvokeResult.from_http(answer.status_code, answer.headers, answer.content)

    @contextmanager
    def stream(self, request: InvokeRequest) -> Iterator[InvokeStream]:
        """Invoke a function whose result is read while it is made."""
        with self._http.stream(
            "POST",
            request.path(streamed=True),
            headers=request.headers(),
            content=request.payload,
        ) as answer:
            if answer.status_code >= 400:
                raise refusal(answer.status_code, answer.headers, answer.read())
            yield InvokeStream(answer.iter_raw())


class AsyncLambdaClient:
    """LambdaClient for asyncio."""

    def __init__(self, endpoint: str = DEFAULT_ENDPOINT) -> None:
        self._http = httpx.AsyncClient(**_options_for(endpoint))

    async def invoke(self, request: InvokeRequest) -> InvokeResult:
        """Invoke a function, and return the outcome."""
        answer = await self._http.post(
            request.path(), headers=request.headers(), content=request.payload
        )
        return InvokeResult.from_http(answer.status_code, answer.headers, answer.content)

    @asynccontextmanager
    async def stream(self, request: InvokeRequest) -> AsyncIterator[AsyncInvokeStream]:
        """Invoke a function whose result is read while it is made."""
        async with self._http.stream(
            "POST",
            request.path(streamed=True),
            headers=request.headers(),
            content=request.payload,
        ) as answer:
            if answer.status_code >= 400:
                raise refusal(answer.status_code, answer.headers, await answer.aread())
            yield AsyncInvokeStream(answer.aiter_raw())

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> AsyncLambdaClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class _ChunkReader:
    """Extracts the chunks of a result, and its end, from an event stream."""

    def __init__(self) -> None:
        self._messages = MessageReader()
        self._prelude = PreludeReader()
        self.end: StreamEnd | None = None

    @property
    def prelude(self) -> dict[str, Any] | None:
        """Status, headers and cookies that came before the body, if any did."""
        return self._prelude.prelude

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take received data, and return the chunks that are complete."""
        self._messages.feed(data)
        while (message := self._messages.next_message()) is not None:
            if message.event_type == "PayloadChunk":
                if chunk := self._prelude.feed(message.payload):
                    yield chunk
            elif message.event_type == "InvokeComplete":
                self.end = StreamEnd.from_message(message)
                if rest := self._prelude.close():
                    yield rest
            elif message.headers.get(":message-type") in ("exception", "error"):
                raise message_refusal(message)

    def close(self) -> None:
        """Mark the end of the data. Raises EventStreamError if the stream had no end message."""
        if self.end is None:
            raise EventStreamError("the stream broke off before its end")


class InvokeStream:
    """The chunks of a result, as they come; `end` is None until all have been read.

    The prelude of an HTTP response is no chunk: it is in `prelude`.
    """

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._chunks = _ChunkReader()

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            yield from self._chunks.feed(part)
        self._chunks.close()

    @property
    def prelude(self) -> dict[str, Any] | None:
        """Status, headers and cookies of an HTTP response, known with its first chunk."""
        return self._chunks.prelude

    @property
    def end(self) -> StreamEnd | None:
        """How the invocation ended."""
        return self._chunks.end


class AsyncInvokeStream:
    """InvokeStream for asyncio."""

    def __init__(self, parts: AsyncIterator[bytes]) -> None:
        self._parts = parts
        self._chunks = _ChunkReader()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._parts:
            for chunk in self._chunks.feed(part):
                yield chunk
        self._chunks.close()

    @property
    def prelude(self) -> dict[str, Any] | None:
        """Status, headers and cookies of an HTTP response, known with its first chunk."""
        return self._chunks.prelude

    @property
    def end(self) -> StreamEnd | None:
        """How the invocation ended."""
        return self._chunks.end


def _options_for(endpoint: str) -> dict[str, Any]:
    """Return what httpx needs to know of an endpoint.

    On this machine no proxy is used, but SSL_CERT_FILE holds. Without HTTPS the certificates of
    authorities are not read: that takes longer than an invoke.
    """
    url = httpx.URL(endpoint)
    is_loopback = url.host in ("localhost", "::1") or url.host.startswith("127.")
    return {
        "base_url": endpoint,
        "timeout": _TIMEOUT,
        "trust_env": not is_loopback,
        "verify": url.scheme == "https" and httpx.create_ssl_context(),
    }
