"""Invokes functions over HTTP, for tests and the command line. Needs `httpx`.

It does not sign requests: it is for emulators, which do not ask for signatures. boto3 with an
`endpoint_url` works as well, and is what code under test will use.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType

import httpx

from lambda_ric.caller.invoke_api import (
    InvokeRequest,
    InvokeResult,
    StreamEnd,
    message_refusal,
    refusal,
)
from lambda_ric.wire.event_stream import EventStreamError, MessageReader

DEFAULT_ENDPOINT = "http://localhost:8080"

# A function may take 15 minutes, and says nothing meanwhile.
_TIMEOUT = httpx.Timeout(5, read=None, write=None, pool=None)


class LambdaClient:
    """Invokes functions at one endpoint; close it, or use it as a context manager.

    Methods raise InvokeRefused when Lambda does not take the request, and httpx.HTTPError when
    the endpoint cannot be reached.
    """

    def __init__(self, endpoint: str = DEFAULT_ENDPOINT) -> None:
        self._http = httpx.Client(
            base_url=endpoint, timeout=_TIMEOUT, trust_env=not _is_loopback(endpoint)
        )

    def invoke(self, request: InvokeRequest) -> InvokeResult:
        """Invoke a function, and return what it came to."""
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

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> LambdaClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class AsyncLambdaClient:
    """LambdaClient for asyncio."""

    def __init__(self, endpoint: str = DEFAULT_ENDPOINT) -> None:
        self._http = httpx.AsyncClient(
            base_url=endpoint, timeout=_TIMEOUT, trust_env=not _is_loopback(endpoint)
        )

    async def invoke(self, request: InvokeRequest) -> InvokeResult:
        """Invoke a function, and return what it came to."""
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
    """Takes the chunks of a result, and how it ended, out of an event stream."""

    def __init__(self) -> None:
        self._messages = MessageReader()
        self.end: StreamEnd | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take what was received, and return the chunks that are complete."""
        self._messages.feed(data)
        while (message := self._messages.next_message()) is not None:
            if message.event_type == "PayloadChunk":
                yield message.payload
            elif message.event_type == "InvokeComplete":
                self.end = StreamEnd.from_message(message)
            elif message.headers.get(":message-type") in ("exception", "error"):
                raise message_refusal(message)

    def close(self) -> None:
        """Say that no more comes. Raises EventStreamError when the end was not told."""
        if self.end is None:
            raise EventStreamError("the stream broke off before its end")


class InvokeStream:
    """The chunks of a result, as they come; `end` is None until all have been read."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._chunks = _ChunkReader()

    def __iter__(self) -> Iterator[bytes]:
        for part in self._parts:
            yield from self._chunks.feed(part)
        self._chunks.close()

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
    def end(self) -> StreamEnd | None:
        """How the invocation ended."""
        return self._chunks.end


def _is_loopback(endpoint: str) -> bool:
    """Tell whether an endpoint is on this machine, where no proxy must be asked."""
    host = httpx.URL(endpoint).host
    return host in ("localhost", "::1") or host.startswith("127.")
