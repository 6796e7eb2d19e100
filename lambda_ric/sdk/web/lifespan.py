"""The lifespan of an ASGI application, which is that of the execution environment.

Source: "Lifespan Protocol" of the ASGI specification, version 2.0.
"""

from __future__ import annotations

import asyncio
import logging
from weakref import WeakSet

from lambda_ric.sdk import hooks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MODES = ("auto", "on", "off")

lasting_tasks: WeakSet[asyncio.Task[Any]] = WeakSet()
"""Tasks of lifespans: they are meant to go on from one invocation to the next."""

_log = logging.getLogger("lambda_ric")


class LifespanError(Exception):
    """The application could not start; the message is its own."""


class Lifespan:
    """The lifespan of one application, and the state that its requests share.

    `mode` is "auto" (an application that fails before it has started has no lifespan), "on" (it
    must have one) or "off". Raises ValueError for any other.
    """

    def __init__(self, app: Any, mode: str) -> None:
        if mode not in MODES:
            raise ValueError(f"lifespan is one of {', '.join(MODES)}, not {mode!r}")
        self.state: dict[str, Any] = {}
        self.pending = mode != "off"
        self._app = app
        self.mode = mode
        self._start: asyncio.Future[None] | None = None
        self._messages: asyncio.Queue[dict[str, Any]]
        self._task: asyncio.Task[None]
        self._started = False
        self._step: asyncio.Event  # set when the application has started, or has ended
        self._error: BaseException | None = None
        self._failure: str | None = None

    async def start(self) -> None:
        """Let the application start, once. Raises LifespanError each time when it cannot."""
        if self._start is None:
            self._start = asyncio.ensure_future(self._begin())
        await asyncio.shield(self._start)

    async def stop(self) -> None:
        """Let the application end. Raises LifespanError when that fails."""
        if not self._task.done():
            self._step.clear()
            self._messages.put_nowait({"type": "lifespan.shutdown"})
            await self._step.wait()
        if self._failure is not None:
            raise LifespanError(f"the application failed to shut down: {self._failure}")

    async def _begin(self) -> None:
        before = asyncio.all_tasks()
        self._messages = asyncio.Queue()
        self._step = asyncio.Event()
        self._messages.put_nowait({"type": "lifespan.startup"})
        self._task = asyncio.create_task(self._run(), name="lifespan")
        await self._step.wait()
        if self._failure is not None:
            raise LifespanError(f"the application failed to start: {self._failure}")
        if self._started:
            lasting_tasks.update(asyncio.all_tasks() - before)
            hooks.shutdown_hooks.append(self.stop)
        elif self.mode == "on":
            raise LifespanError("the application has no lifespan") from self._error
        self.pending = False

    async def _run(self) -> None:
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        try:
            await self._app(scope, self._messages.get, self._send)
        except Exception as error:
            self._error = error
            if self._started and self._failure is None:
                _log.error("Exception in the lifespan of the ASGI application", exc_info=error)
        finally:
            self._step.set()

    async def _send(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        when = "shutdown" if self._started else "startup"
        if kind == f"lifespan.{when}.failed":
            self._failure = message.get("message") or "it gives no reason"
        elif kind != f"lifespan.{when}.complete":
            raise RuntimeError(f"Unexpected ASGI message '{kind}' during the {when}.")
        else:
            self._started = True
        self._step.set()
