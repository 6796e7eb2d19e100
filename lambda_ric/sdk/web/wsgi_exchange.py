"""One request to a WSGI application and its response, whole or piece by piece."""

from __future__ import annotations

import logging

from lambda_ric.sdk.web.answer import FAILURE, Opening, refuse_too_large
from lambda_ric.sdk.web.fields import refuse_line_breaks
from lambda_ric.wire.runtime_api import MAX_RESPONSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from lambda_ric.sdk.responses import HttpPrelude
    from lambda_ric.sdk.web.request import Fields

_log = logging.getLogger("lambda_ric")


class WsgiExchange:
    """A request to an application: `run` collects its response, iterating yields its pieces."""

    def __init__(self, app: Any, environ: dict[str, Any]) -> None:
        self.status = 0
        self.fields: Fields = []
        self.body = b""
        self._app = app
        self._environ = environ
        self._has_body = environ["REQUEST_METHOD"] != "HEAD"
        self._iterable: Any = None
        self._written: list[bytes] = []
        self._begun = False  # a piece is on its way

    def run(self) -> None:
        """Call the application and collect its response, or replace it by a 500.

        Raises a Fault for a response that Lambda would refuse.
        """
        parts = []
        size = 0
        try:
            for part in self._produce():
                parts.append(part)
                size += len(part)
                if size > MAX_RESPONSE:  # it may have no end
                    break
        except Exception as error:
            self.status, self.fields, body = self._fail(error)
            parts = [body]
        finally:
            self.close()
        refuse_too_large(size)
        self.body = b"".join(parts)

    def __iter__(self) -> Iterator[bytes | HttpPrelude]:
        """Call the application and yield its response. Raises the error that breaks it off."""
        try:
            for part in self._produce():
                if self._begun:
                    yield part
                else:
                    self._begun = True
                    yield Opening(self.status, self.fields, part)
        except Exception as error:
            if self._begun:
                raise
            self._begun = True
            yield Opening(*self._fail(error))
        if not self._begun:
            yield Opening(self.status, self.fields, b"")

    def close(self) -> None:
        """Let the application finish its work after the response; errors there are logged."""
        close = getattr(self._iterable, "close", None)
        self._iterable = None
        if close is not None:
            try:
                close()
            except Exception as error:
                _log.error("Exception when closing the WSGI response", exc_info=error)

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], object]:
        """Take status and header fields: this is the application's `start_response`."""
        if exc_info:
            try:
                if self._begun:
                    raise exc_info[1].with_traceback(exc_info[2])
            finally:
                exc_info = None  # no cycle with this frame
        elif self.status:
            raise AssertionError("start_response is called twice")
        fields = [
            (name.lower(), value.encode("latin-1").decode("utf-8", "replace"))
            if not value.isascii()
            else (name.lower(), value)
            for name, value in headers
        ]
        refuse_line_breaks(fields)
        self.status = int(status.split(" ", 1)[0])
        self.fields = fields
        return self._written.append

    def _produce(self) -> Iterator[bytes]:
        """Call the application and yield what it writes and returns, but no empty piece."""
        self._iterable = self._app(self._environ, self.start_response)
        for part in self._iterable:
            yield from self._take(part)
        yield from self._take(b"")
        if not self.status:
            raise RuntimeError("the WSGI application did not call start_response")

    def _take(self, part: bytes) -> Iterator[bytes]:
        pieces = [*self._written, part]
        self._written.clear()
        for piece in pieces:
            if piece:
                if not self.status:
                    raise RuntimeError("the WSGI application did not call start_response")
                if self._has_body:
                    yield bytes(piece)

    def _fail(self, error: Exception) -> tuple[int, Fields, bytes]:
        _log.error("Exception in WSGI application", exc_info=error)
        status, fields, body = FAILURE
        return status, fields, body if self._has_body else b""
