"""Handlers of every kind, and what is none."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any


def plain(event: Any, context: Any) -> Any:
    return event


async def awaited(event: Any, context: Any) -> Any:
    return event


def pieces(event: Any, context: Any) -> Iterator[str]:
    yield "a"


async def async_pieces(event: Any, context: Any) -> AsyncIterator[str]:
    yield "a"


def logged(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(*arguments: Any) -> Any:
        return function(*arguments)

    return wrapper


@logged
async def decorated(event: Any, context: Any) -> Any:
    return event


class Application:
    """A handler that is an object."""

    def __call__(self, event: Any, context: Any) -> Iterator[str]:
        yield "a"


application = Application()


def too_few(event: Any) -> Any:
    return event


def too_many(scope: Any, receive: Any, send: Any) -> None:
    pass


number = 5
