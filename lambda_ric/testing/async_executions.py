"""The durable executions of an emulator for asyncio: what waits is awaited, in another thread."""

from __future__ import annotations

import asyncio
from typing import Any

from lambda_ric.testing.executions import PATIENCE, DurableExecution, DurableExecutions


class AsyncDurableExecutions:
    """All executions of one emulator; see DurableExecutions for what the methods do."""

    def __init__(self, executions: DurableExecutions) -> None:
        self._executions = executions

    async def get(self, arn: str) -> DurableExecution:
        """Return an execution. Raises ApiError for an unknown ARN."""
        return await asyncio.to_thread(self._executions.get, arn)

    async def list(self, function: str | None = None) -> list[DurableExecution]:
        """Return the executions of a function, or all, the oldest first."""
        return await asyncio.to_thread(self._executions.list, function)

    async def wait(self, arn: str, *, timeout: float = PATIENCE) -> DurableExecution:
        """Wait until an execution has ended. Raises TimeoutError."""
        return await asyncio.to_thread(self._executions.wait, arn, timeout=timeout)

    async def wait_for_status(
        self, arn: str, *statuses: str, timeout: float = PATIENCE
    ) -> DurableExecution:
        """Wait until an execution has one of these statuses. Raises LookupError, TimeoutError."""
        return await asyncio.to_thread(
            self._executions.wait_for_status, arn, *statuses, timeout=timeout
        )

    async def wait_for_event(
        self, arn: str, event_type: str, *, timeout: float = PATIENCE
    ) -> DurableExecution:
        """Wait until the history has an event, such as WaitStarted, and the handler does not run.

        Raises LookupError, TimeoutError.
        """
        return await asyncio.to_thread(
            self._executions.wait_for_event, arn, event_type, timeout=timeout
        )

    async def wait_for_callback(
        self, arn: str, name: str | None = None, *, timeout: float = PATIENCE
    ) -> str:
        """Wait until a callback can be completed, and return its id.

        Raises LookupError, TimeoutError.
        """
        return await asyncio.to_thread(
            self._executions.wait_for_callback, arn, name, timeout=timeout
        )

    async def succeed(self, callback_id: str, result: Any = None) -> None:
        """Complete a callback with a result, which is sent as JSON. Raises ApiError."""
        await asyncio.to_thread(self._executions.succeed, callback_id, result)

    async def fail(
        self, callback_id: str, error_type: str | None = None, message: str = ""
    ) -> None:
        """Complete a callback with an error. Raises ApiError."""
        await asyncio.to_thread(self._executions.fail, callback_id, error_type, message)

    async def heartbeat(self, callback_id: str) -> None:
        """Report that a callback is still worked on. Raises ApiError."""
        await asyncio.to_thread(self._executions.heartbeat, callback_id)

    async def stop(self, arn: str, error_type: str | None = None, message: str = "") -> None:
        """End an execution. Raises ApiError for an unknown ARN."""
        await asyncio.to_thread(self._executions.stop, arn, error_type, message)
