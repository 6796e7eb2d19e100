"""A served function whose runtime is the test, over the real Runtime API."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.service import RunningService, function, running_service

VERSION = "/2018-06-01/runtime"
NEXT = f"{VERSION}/invocation/next"

# A process that tells where its Runtime API is, and asks nothing of it.
IDLER = """
import os, time
print("api", os.environ["AWS_LAMBDA_RUNTIME_API"], "end", flush=True)
time.sleep(600)
"""


@dataclass
class Played:
    """A served function whose runtime is the test."""

    served: RunningService
    api: httpx.AsyncClient

    async def take(self) -> str:
        """Ask for the next invocation, and return its id."""
        response = await self.api.get(NEXT)
        assert response.status_code == 200
        return response.headers["lambda-runtime-aws-request-id"]

    async def answer(self, request_id: str, content: bytes = b"{}") -> httpx.Response:
        return await self.api.post(f"{VERSION}/invocation/{request_id}/response", content=content)


@asynccontextmanager
async def playing(**options: Any) -> AsyncIterator[Played]:
    one = function(command=(sys.executable, "-c", IDLER), concurrency=1, **options)
    async with running_service(one) as served:
        log = await served.log.wait_for(" end\n")
        address = log.partition("api ")[2].partition(" end")[0]
        async with httpx.AsyncClient(base_url=f"http://{address}", timeout=30, verify=False) as api:
            yield Played(served, api)


async def arrived() -> None:
    """Let what was sent arrive: both ends are in this loop, so rounds of it count, not time."""
    for _ in range(30):
        await asyncio.sleep(0.005)
