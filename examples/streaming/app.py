"""Streams server-sent events: a browser shows the first while the last is still being made."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from lambda_ric import HttpPrelude, LambdaContext

HEADERS = {"content-type": "text/event-stream", "cache-control": "no-cache"}


async def handler(event: dict[str, Any], context: LambdaContext) -> AsyncIterator[Any]:
    yield HttpPrelude(200, HEADERS)
    for number in range(int(event.get("count", 3))):
        await asyncio.sleep(0.01)  # a page of a database, or a word of a language model
        data = json.dumps({"number": number, "square": number**2})
        yield f"id: {number}\ndata: {data}\n\n"
    yield "event: done\ndata:\n\n"
