"""The emulator in a test, for asyncio: what waits is awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from lambda_ric.caller.client import AsyncInvokeStream, AsyncLambdaClient
from lambda_ric.caller.invoke_api import InvocationType, InvokeResult
from lambda_ric.testing.served_functions import NO_EVENT

if TYPE_CHECKING:
    from lambda_ric.testing.async_executions import AsyncDurableExecutions
    from lambda_ric.testing.emulator import Emulator


class AsyncEmulator:
    """A running Emulator for asyncio; `async with Emulator(…)` makes it."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._client = AsyncLambdaClient(emulator.url)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._emulator.url

    @property
    def http_url(self) -> str:
        """Where its front door is."""
        return self._emulator.http_url

    @property
    def log(self) -> str:
        """All that was logged so far."""
        return self._emulator.log

    async def invoke(
        self,
        event: Any = NO_EVENT,
        *,
        function: str | None = None,
        invocation_type: InvocationType = "RequestResponse",
        client_context: Mapping[str, Any] | None = None,
        tenant_id: str | None = None,
        qualifier: str | None = None,
        durable_execution_name: str | None = None,
    ) -> InvokeResult:
        """Invoke a function; see `Emulator.invoke`."""
        request = self._emulator._request(
            event,
            function,
            invocation_type=invocation_type,
            client_context=client_context,
            tenant_id=tenant_id,
            qualifier=qualifier,
            durable_execution_name=durable_execution_name,
        )
        return await self._client.invoke(request)

    def stream(
        self, event: Any = NO_EVENT, *, function: str | None = None, qualifier: str | None = None
    ) -> AbstractAsyncContextManager[AsyncInvokeStream]:
        """Invoke a function whose result is read while it is made: iterate over its chunks."""
        return self._client.stream(self._emulator._request(event, function, qualifier=qualifier))

    @property
    def executions(self) -> AsyncDurableExecutions:
        """The executions of durable functions."""
        from lambda_ric.testing.async_executions import AsyncDurableExecutions

        return AsyncDurableExecutions(self._emulator.executions)

    async def advance(self, seconds: float) -> None:
        """Put the clock of the emulator forward; see `Emulator.advance`."""
        await asyncio.to_thread(self._emulator.advance, seconds)

    def restart(self, function: str | None = None) -> None:
        """Replace the environments of one function, or of all."""
        self._emulator.restart(function)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()
