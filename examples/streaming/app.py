"""Streams a table as CSV: the first rows are there while the last are still being made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from lambda_ric import HttpPrelude, LambdaContext


async def handler(event: dict[str, Any], context: LambdaContext) -> AsyncIterator[Any]:
    yield HttpPrelude(200, {"content-type": "text/csv"})
    yield "number,square\n"
    for number in range(int(event.get("rows", 3))):
        await asyncio.sleep(0.01)  # a page of a database, or of another service
        yield f"{number},{number**2}\n"
