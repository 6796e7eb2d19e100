"""Runs the emulator's service in a thread of this process, for tests that are not asyncio's.

It is a thread rather than a process because a thread starts at once, its log can be read as it
grows, and its errors are raised in the test. Functions run in separate processes in any case, and
the service has a guard that ends them even if the test process is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from lambda_ric.emulator import Service

T = TypeVar("T")


class ServiceLog:
    """The service's log. It also goes to standard error, where pytest shows it."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """The whole log so far."""
        return "".join(self._parts)

    def write(self, text: str) -> int:
        """Keep a text, and show it."""
        self._parts.append(text)
        with contextlib.suppress(OSError, ValueError):  # nobody reads there any more
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush standard error."""
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()

    def isatty(self) -> bool:
        """Colours would be in the way of assertions."""
        return False


class ServiceThread:
    """Runs the service that `make` returns, in its own event loop, until `stop`."""

    def __init__(self, make: Callable[[], Service]) -> None:
        self._make = make
        self._ready: Future[Service] = Future()
        self._thread = threading.Thread(target=self._run, name="lambda-emulator", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._ended: asyncio.Event

    def start(self) -> Service:
        """Return the service once it listens. Raises OSError if it cannot."""
        self._thread.start()
        return self._ready.result()

    def call(self, act: Callable[[], object]) -> None:
        """Do something in the thread of the service, soon."""
        self._loop.call_soon_threadsafe(act)

    def ask(self, question: Callable[[Service], T]) -> T:
        """Return what a function finds out in the thread of the service, or raise its error."""
        answer: Future[T] = Future()

        def run() -> None:
            try:
                answer.set_result(question(self._ready.result()))
            except BaseException as error:
                answer.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        return answer.result()

    def stop(self) -> None:
        """End the service with all its processes, and wait for the end."""
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):  # it has already ended
                self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        try:
            service = self._make()
            await service.start()
        except BaseException as error:
            self._ready.set_exception(error)
            return
        self._ready.set_result(service)
        await self._ended.wait()
        await service.stop()
