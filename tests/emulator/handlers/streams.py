"""Functions that answer part by part."""

from __future__ import annotations

import os
import time

from lambda_ric import HttpPrelude, StreamingResponse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def count(event: Any, context: Any) -> Iterator[str]:
    for number in range(event["to"]):
        yield f"{number}\n"
        time.sleep(event.get("pause", 0))


def fail(event: Any, context: Any) -> Iterator[str]:
    yield "part"
    raise ValueError("midway")


def die(event: Any, context: Any) -> Iterator[str]:
    yield "part"
    os._exit(1)


def flood(event: Any, context: Any) -> Iterator[bytes]:
    block = bytes(65_536)
    try:
        for number in range(event["blocks"]):
            yield block
            print("block", number, flush=True)
    finally:
        print("closed", flush=True)


def page(event: Any, context: Any) -> Iterator[Any]:
    yield HttpPrelude(201, headers={"x-a": "b"})
    yield "body"


def typed(event: Any, context: Any) -> StreamingResponse:
    return StreamingResponse([b"x"], content_type="text/plain")
