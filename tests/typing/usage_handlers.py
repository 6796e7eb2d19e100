"""Handlers of every kind against the protocols. Checked, never run."""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    MutableMapping,
)
from typing import Any, TypeVar

from lambda_ric import (
    AsyncHandler,
    Handler,
    HttpPrelude,
    LambdaContext,
    StreamingHandler,
    StreamingResponse,
    asgi,
    wsgi,
)
from lambda_ric import nothing as nothing  # type: ignore[attr-defined]  # pyright: ignore

Event = dict[str, Any]


def plain(event: Event, context: LambdaContext) -> list[int]:
    return [1]


async def awaited(event: Event, context: LambdaContext) -> list[int]:
    return [1]


def pieces(event: Event, context: LambdaContext) -> Iterator[str]:
    yield "a"


async def async_pieces(event: Event, context: LambdaContext) -> AsyncIterator[HttpPrelude | bytes]:
    yield HttpPrelude(200)
    yield b"a"


def response(event: Event, context: LambdaContext) -> StreamingResponse:
    return StreamingResponse(async_pieces_of_text(), content_type="text/csv", headers={"a": "b"})


async def async_pieces_of_text() -> AsyncIterator[str]:
    yield "a"


class Application:
    """An object that is a handler."""

    def __call__(self, event: Event, context: LambdaContext) -> str:
        return "a"


def other_names(message: Event, lambda_context: LambdaContext) -> str:
    return "a"


def wrong_event(event: int, context: LambdaContext) -> str:
    return "a"


def one_argument(event: Event) -> str:
    return "a"


def numbers(event: Event, context: LambdaContext) -> Iterator[int]:
    yield 1


good: list[object] = []
handler: Handler[Event, list[int]] = plain
async_handler: AsyncHandler[Event, list[int]] = awaited
streaming: StreamingHandler[Event, str] = pieces
async_streaming: StreamingHandler[Event, HttpPrelude | bytes] = async_pieces
returns_stream: StreamingHandler[Event, str] = response
from_object: Handler[Event, str] = Application()
names_are_free: Handler[Event, str] = other_names

bad_event: Handler[Event, str] = wrong_event  # type: ignore[assignment]  # pyright: ignore
bad_arguments: Handler[Event, str] = one_argument  # type: ignore[assignment]  # pyright: ignore
bad_result: Handler[Event, str] = plain  # type: ignore[assignment]  # pyright: ignore
bad_kind: AsyncHandler[Event, list[int]] = plain  # type: ignore[assignment]  # pyright: ignore
bad_piece: StreamingHandler[Event, str] = numbers  # type: ignore[assignment]  # pyright: ignore


async def asgi_application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
    send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
) -> None:
    """An application as Starlette types it."""


def wsgi_application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return [b"a"]


asgi_handler: AsyncHandler[Event, Any] = asgi(asgi_application, lifespan="off", stream=True)
wsgi_handler: Handler[Event, Any] = wsgi(wsgi_application, base_path="/shop")
bad_lifespan = asgi(asgi_application, lifespan="no")  # type: ignore[arg-type]  # pyright: ignore
bad_application = asgi(wsgi_application)  # type: ignore[arg-type]  # pyright: ignore

E = TypeVar("E")
R = TypeVar("R")


def traced(inner: Handler[E, R]) -> Handler[E, R]:
    """Decorate a handler without losing its types."""

    def outer(event: E, context: LambdaContext, /) -> R:
        return inner(event, context)

    return outer


decorated: Handler[Event, list[int]] = traced(plain)
as_function: Callable[[Event, LambdaContext], list[int]] = decorated
