"""Asks several services at once, on connections that live from one invocation to the next."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import httpx

from lambda_ric import LambdaContext, on_shutdown

SERVICES = os.environ.get("SERVICES", "https://checkip.amazonaws.com").split()

# A client belongs to an event loop. There is one, and it lives as long as the process.
client = httpx.AsyncClient(timeout=2)


async def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    statuses = await asyncio.gather(*[status_of(url) for url in SERVICES])
    return dict(zip(SERVICES, statuses, strict=True))


async def status_of(url: str) -> int:
    response = await client.get(url)
    return response.status_code


@on_shutdown
async def close_connections() -> None:
    await client.aclose()
    print("connections closed")
