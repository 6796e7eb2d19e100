"""The types of handlers, for type checkers. Running a handler does not need them.

The protocols are generic in event and result, as in `Handler[SQSEvent, BatchResponse]`. The
runtime calls a handler with an event and a context, both by position.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Awaitable, Iterable
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.sdk.responses import HttpPrelude, StreamingResponse

Event = TypeVar("Event", contravariant=True)
Result = TypeVar("Result", covariant=True)
Piece = TypeVar("Piece", bound="bytes | bytearray | memoryview | str | HttpPrelude", covariant=True)


class Handler(Protocol[Event, Result]):
    """A handler whose result is sent when it returns."""

    def __call__(self, event: Event, context: LambdaContext, /) -> Result:
        """Handle an event."""


class AsyncHandler(Protocol[Event, Result]):
    """An `async def` handler: it is awaited, and its result is sent when it returns."""

    def __call__(self, event: Event, context: LambdaContext, /) -> Awaitable[Result]:
        """Handle an event."""


class StreamingHandler(Protocol[Event, Piece]):
    """A handler that streams: a generator, an async generator, or one that returns a stream."""

    def __call__(
        self, event: Event, context: LambdaContext, /
    ) -> Iterable[Piece] | AsyncIterable[Piece] | StreamingResponse:
        """Handle an event; each piece is sent at once."""
