"""A front door of each kind, and a client of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

from lambda_ric.emulator import FunctionConfig, LogPrinter, Service
from lambda_ric.emulator.gateway.routes import parse_route
from lambda_ric.emulator.gateway.settings import FrontDoorKind, HttpListening
from tests.support.service import Log, function


@dataclass
class Front:
    """A running front door, what was logged, and a client of it."""

    service: Service
    client: httpx.AsyncClient
    log: Log

    @property
    def port(self) -> int:
        return httpx.URL(self.service.http_url or "").port or 0


@asynccontextmanager
async def front(
    kind: str = "function-url",
    handler: str = "front.mirror",
    *,
    settings: HttpListening | None = None,
    invoke_mode: str = "BUFFERED",
    routes: tuple[str, ...] = (),
    functions: tuple[FunctionConfig, ...] = (),
    **options: object,
) -> AsyncIterator[Front]:
    """Serve a function behind a front door on a free port."""
    http = settings or HttpListening(FrontDoorKind(kind), invoke_mode=invoke_mode)
    http = http._replace(routes=tuple(map(parse_route, routes)))
    log = Log()
    service = Service(
        functions or [function(handler, **options)],
        listening=None,
        http=http,
        console=LogPrinter(log),
    )
    await service.start()
    try:
        async with httpx.AsyncClient(
            base_url=service.http_url or "", timeout=30, verify=False
        ) as client:
            yield Front(service, client, log)
    finally:
        await service.stop()
