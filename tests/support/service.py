"""A service with real child processes, and a client that speaks to it through real sockets."""

from __future__ import annotations

import asyncio
import functools
import io
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ParamSpec

import httpx

from lambda_ric.emulator import FunctionConfig, Listening, LogPrinter, Service
from tests.support.paths import EMULATED_HANDLERS
from tests.support.processes import environment

INVOKE = "/2015-03-31/functions/function/invocations"
STREAM = "/2021-11-15/functions/function/response-streaming-invocations"

P = ParamSpec("P")


def scenario(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Run an async test in a loop of its own, for a minute at most."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def limited() -> None:
            await asyncio.wait_for(test(*args, **kwargs), 60)

        asyncio.run(limited())

    return run


class Log(io.StringIO):
    """What a console has written, and a way to wait for more."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = asyncio.Event()

    def write(self, text: str) -> int:
        self._changed.set()
        return super().write(text)

    async def wait_for(self, text: str, times: int = 1) -> str:
        """Return all of the log once it holds the text so many times."""
        while self.getvalue().count(text) < times:
            self._changed.clear()
            await asyncio.wait_for(self._changed.wait(), 30)
        return self.getvalue()


@dataclass
class RunningService:
    """A running service, what it has logged, and a client of it."""

    service: Service
    client: httpx.AsyncClient
    log: Log

    @property
    def text(self) -> str:
        return self.log.getvalue()

    async def invoke(self, event: Any, path: str = INVOKE, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post(path, json=event, headers=named)


def function(handler: str = "app.handler", **options: Any) -> FunctionConfig:
    given = options.pop("environment", {})
    return FunctionConfig(
        **{
            "handler": handler,
            "command": (sys.executable, "-m", "lambda_ric", handler),
            "directory": str(EMULATED_HANDLERS),
            "environment": environment(**given),
            **options,
        }
    )


@asynccontextmanager
async def running_service(
    *functions: FunctionConfig,
    as_json: bool = False,
    retry_delay: float = 60.0,
    origins: tuple[str, ...] = (),
    host: str = "127.0.0.1",
    skip_time: bool = False,
) -> AsyncIterator[RunningService]:
    """Serve functions on a free port, by default the one of handlers/app.py."""
    log = Log()
    service = Service(
        functions or [function()],
        listening=Listening(host, origins=origins),
        console=LogPrinter(log, as_json=as_json),
        retry_delay=retry_delay,
        skip_time=skip_time,
    )
    await service.start()
    try:
        # To read certificates, which nobody shows here, takes longer than most of these tests.
        async with httpx.AsyncClient(
            base_url=service.url or "", timeout=60, verify=False
        ) as client:
            yield RunningService(service, client, log)
    finally:
        await service.stop()


async def gone(pid: int) -> None:
    """Wait for the end of a process that is nobody's child here any more."""
    for _ in range(3_000):
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
                if stat.read().split()[2] == "Z":
                    return
            os.kill(pid, 0)
        except OSError:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"process {pid} lives on")
