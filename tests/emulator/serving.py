"""A service with real child processes, and a client that speaks to it through real sockets."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from lambda_ric.emulator import Console, FunctionConfig, Service

ROOT = Path(__file__).parents[2]
HANDLERS = Path(__file__).parent / "handlers"

INVOKE = "/2015-03-31/functions/function/invocations"


@dataclass
class Served:
    """A running service, what it has logged, and a client of it."""

    service: Service
    client: httpx.AsyncClient
    stream: io.StringIO

    @property
    def log(self) -> str:
        return self.stream.getvalue()

    async def invoke(self, event: Any, path: str = INVOKE, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, json=event, headers=named)


def function(handler: str = "app.handler", **options: Any) -> FunctionConfig:
    given = options.pop("environment", {})
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **given}
    return FunctionConfig(
        **{
            "handler": handler,
            "command": (sys.executable, "-m", "lambda_ric", handler),
            "directory": str(HANDLERS),
            "environment": environment,
            **options,
        }
    )


@asynccontextmanager
async def serving(
    *functions: FunctionConfig, as_json: bool = False, retry_delay: float = 60.0
) -> AsyncIterator[Served]:
    """Serve functions on a free port, by default the one of handlers/app.py."""
    stream = io.StringIO()
    service = Service(
        functions or [function()],
        console=Console(stream, as_json=as_json),
        retry_delay=retry_delay,
    )
    await service.start()
    try:
        async with httpx.AsyncClient(base_url=service.url or "", timeout=60) as client:
            yield Served(service, client, stream)
    finally:
        await service.stop()


Scenario = Callable[[Served], Awaitable[None]]
