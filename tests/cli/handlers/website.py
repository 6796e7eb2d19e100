"""Web applications, and other objects beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

number = 7


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer nothing."""


def wsgi_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("204 No Content", [])
    return []


def add(first: int, second: int) -> int:
    return first + second
