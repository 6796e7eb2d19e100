"""Functions behind an HTTP front door."""

from __future__ import annotations

import json
import time

from lambda_ric import HttpPrelude

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def mirror(event: Any, context: Any) -> Any:
    """Answer with the event."""
    return event


def whole(event: Any, context: Any) -> Any:
    """Answer with the event, in the form that every front door takes."""
    return {"statusCode": 200, "body": json.dumps(event)}


def fail(event: Any, context: Any) -> Any:
    raise ValueError("<broken>")


def slow(event: Any, context: Any) -> Any:
    time.sleep(0.1)
    return "done"


def pieces(event: Any, context: Any) -> Iterator[str]:
    for number in range(3):
        yield f"{number}\n"
        time.sleep(0.2)


def page(event: Any, context: Any) -> Iterator[Any]:
    yield HttpPrelude(201, headers={"content-type": "text/html"}, cookies=["a=b", "c=d"])
    yield "<p>"
    yield "hello"


def empty(event: Any, context: Any) -> Iterator[Any]:
    yield HttpPrelude(204)


def breaks(event: Any, context: Any) -> Iterator[str]:
    yield "part"
    time.sleep(0.2)
    raise ValueError("midway")


def flood(event: Any, context: Any) -> Iterator[bytes]:
    """Yield as many blocks of 64 KB as the query wants."""
    block = bytes(65_536)
    try:
        for number in range(int(event["queryStringParameters"]["blocks"])):
            yield block
            if number % 100 == 0:
                print("block", number, flush=True)
    finally:
        print("closed", flush=True)


def reflect(event: Any, context: Any) -> Any:
    """Answer with the event as a body, in a form that every front door takes."""
    body = json.dumps(event)
    return {"statusCode": 200, "body": body, "headers": {}}


def stuck(event: Any, context: Any) -> Any:
    print("stuck", flush=True)
    time.sleep(60)


def tenant(event: Any, context: Any) -> Any:
    return context.tenant_id
