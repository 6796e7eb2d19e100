"""One request to an ASGI application and its response, whole or piece by piece.

An application that breaks the rules is treated as by uvicorn: `send` raises an exception, or its
client gets a plain 500 and the log gets an entry.

Source: "HTTP & WebSocket ASGI Message Format" of the ASGI specification, version 2.3.
"""

from __future__ import annotations

import asyncio
import logging

from lambda_ric.sdk.web.answer import FAILURE, Opening, refuse_too_large
from lambda_ric.sdk.web.fields import decode_fields
from lambda_ric.wire.runtime_api import MAX_RESPONSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from typing import Any

    from lambda_ric.sdk.responses import HttpPrelude
    from lambda_ric.sdk.web.request import Fields

_END = object()

_log = logging.getLogger("lambda_ric")


class ClientDisconnected(OSError):
    """What `send` raises when nobody takes the response any more."""


class Exchange:
    """A request whose response is collected, to be sent as a whole."""

    __slots__ = ("_body", "_closed", "_has_body", "_parts", "_size", "complete", "fields", "status")

    def __init__(self, body: bytes, method: str) -> None:
        self.status = 0
        self.fields: Fields = []
        self.complete = False
        self._body: bytes | None = body  # until the application has received it
        self._has_body = method != "HEAD"  # the answer
        self._parts: list[bytes] = []
        self._size = 0
        self._closed: asyncio.Event | None = None

    @property
    def body(self) -> bytes:
        """The body of the response."""
        return b"".join(self._parts)

    async def run(self, app: Any, scope: dict[str, Any]) -> None:
        """Call the application. If it gives no response, the response is a 500.

        Raises a Fault for a response that Lambda would refuse.
        """
        try:
            _log_returned(await app(scope, self.receive, self.send))
        except Exception as error:
            self._fail(error)
        else:
            if not self.complete:
                self._fail(None)
        refuse_too_large(self._size)

    async def receive(self) -> dict[str, Any]:
        """Return the request, then wait for its end."""
        body = self._body
        if body is not None:
            self._body = None
            return {"type": "http.request", "body": body, "more_body": False}
        if not self.complete:
            if self._closed is None:
                self._closed = asyncio.Event()
            await self._closed.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        """Take a part of the response. Raises RuntimeError for a part out of order."""
        kind = message["type"]
        if not self.status:
            if kind != "http.response.start":
                raise _unexpected("http.response.start", kind)
            self.fields = decode_fields(message.get("headers", ()))
            self.status = _checked_status(message["status"])
        elif not self.complete:
            if kind != "http.response.body":
                raise _unexpected("http.response.body", kind)
            body = message.get("body", b"")
            part = bytes(body) if self._has_body else b""
            await self._take(part, message.get("more_body", False))
        else:
            raise RuntimeError(
                f"Unexpected ASGI message '{kind}' sent, after response already completed."
            )

    async def _take(self, part: bytes, more: bool) -> None:
        self._size += len(part)
        if self._size <= MAX_RESPONSE:
            self._parts.append(part)
        elif more:  # it may have no end
            self._close()
            raise ClientDisconnected("the answer is larger than Lambda takes")
        if not more:
            self._close()

    def _close(self) -> None:
        """End the exchange: the application receives `http.disconnect` from now on."""
        self.complete = True
        if self._closed is not None:
            self._closed.set()

    def _fail(self, error: BaseException | None) -> None:
        """Log what an application did wrong, and send a 500 if it has sent nothing."""
        log_failure(error, bool(self.status))
        if not self.complete:
            self.status, self.fields, body = FAILURE
            self._parts = [body] if self._has_body else []
            self._close()


class StreamedExchange(Exchange):
    """A request whose response is iterated: each piece is taken when the application sends it.

    Status and header fields come with the first piece and not before. If the application fails
    earlier, its client still gets a 500. The application continues when its piece has been taken.
    """

    __slots__ = ("_app", "_begun", "_left", "_pieces", "_scope", "_task")

    def __init__(self, app: Any, scope: dict[str, Any], body: bytes) -> None:
        super().__init__(body, scope["method"])
        self._app = app
        self._scope = scope
        self._pieces: asyncio.Queue[Any] = asyncio.Queue(1)
        self._begun = False  # a piece is on its way
        self._left = False  # nobody takes further pieces
        self._task: asyncio.Task[None] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes | HttpPrelude]:
        """Call the application and yield its response. Raises the error that breaks it off."""
        self._task = asyncio.create_task(self._run(), name="application")
        try:
            while (piece := await self._pieces.get()) is not _END:
                if isinstance(piece, BaseException):
                    raise piece
                yield piece
        except asyncio.CancelledError:  # the deadline
            self._task.cancel()
            raise
        finally:
            self._leave()

    async def aclose(self) -> None:
        """Wait until the application has finished its work after the response."""
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        try:
            _log_returned(await self._app(self._scope, self.receive, self.send))
            error = None
        except (Exception, asyncio.CancelledError) as raised:  # cancelled by its own doing
            error = raised
        if self._left and not self.complete:
            return  # whatever it has raised, its client had gone
        if self.complete:
            if error is not None:
                log_failure(error, True)
        elif self._begun:
            await self._pieces.put(error or RuntimeError(_INCOMPLETE))
        else:
            self._fail(error)
            await self._give(self.body)
            await self._pieces.put(_END)

    async def _take(self, part: bytes, more: bool) -> None:
        if self._left:
            raise ClientDisconnected("the client has left")
        if part or not (more or self._begun):
            await self._give(part)
        if not more:
            # The end first: an application that learns of it may cancel the task that sends.
            await self._pieces.put(_END)
            self._close()

    async def _give(self, part: bytes) -> None:
        piece: bytes | HttpPrelude = part
        if not self._begun:
            self._begun = True
            piece = Opening(self.status, self.fields, part)
        await self._pieces.put(piece)

    def _leave(self) -> None:
        """Let an application that still sends know that nobody takes more."""
        self._left = True
        if self._closed is not None:
            self._closed.set()
        while not self._pieces.empty():  # it may wait for room
            self._pieces.get_nowait()


_INCOMPLETE = "ASGI callable returned without completing response."


def log_failure(error: BaseException | None, started: bool) -> None:
    """Write to the log what an application did wrong; None means that it returned too early."""
    if error is not None:
        _log.error("Exception in ASGI application", exc_info=error)
    else:
        _log.error(_INCOMPLETE if started else "ASGI callable returned without starting response.")


def _log_returned(value: object) -> None:
    """Write to the log that an application returned something: nobody takes it."""
    if value is not None:
        _log.error("ASGI callable should return None, but returned %r.", value)


def _unexpected(expected: str, kind: str) -> RuntimeError:
    return RuntimeError(f"Expected ASGI message '{expected}', but got '{kind}'.")


def _checked_status(status: Any) -> int:
    if not 100 <= status <= 999:
        raise ValueError(f"a status cannot be {status!r}")
    return int(status)
