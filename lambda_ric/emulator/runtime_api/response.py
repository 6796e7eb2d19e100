"""What the runtime posts about an invocation: its response, whole or streamed, or its error."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import UNHANDLED, Invoke, Outcome
from lambda_ric.emulator.life import Event, Kind
from lambda_ric.wire import runtime_api

if TYPE_CHECKING:
    from lambda_ric.wire.head import Fields

ERROR_CAUSE_TYPE = "application/vnd.aws.lambda.error.cause+json"

_ERROR_TYPE = runtime_api.FUNCTION_ERROR_TYPE.lower().encode()
_ERROR_BODY = runtime_api.FUNCTION_ERROR_BODY.lower().encode()
_ERROR_KEYS = ("errorMessage", "errorType", "stackTrace")
_MODE = runtime_api.RESPONSE_MODE.lower().encode()
_MODES = (None, b"", runtime_api.STREAMING.encode())


SMALL = 65_536
"""Bytes of a response that no limit forbids: taken as they come, if they come at once."""


class WholeResponse:
    """A small response that came in one piece."""

    def __init__(self, exchange: Exchange, body: bytes) -> None:
        self._exchange = exchange
        self._body = body
        self.streams = bool(exchange.fields.get(_MODE))

    def given_to(self, invoke: Invoke) -> Outcome:
        """Pass it to the invoke, and return the outcome."""
        content_type = self._exchange.field(b"content-type") or runtime_api.STREAM_TYPE
        invoke.begin_answer(content_type, self)
        if self._body:
            invoke.take(self._body)
        return invoke.result()

    # What the invoke may ask of a sender: there is nothing left to send.

    def hold_back(self) -> None:
        """Do nothing."""

    def release(self) -> None:
        """Do nothing."""

    def abort(self) -> None:
        """Do nothing."""


class ResponseBody:
    """Consumes the body of a response and passes it to the invoke.

    `report` is called with the event that says how the body ended.
    """

    def __init__(self, exchange: Exchange, invoke: Invoke, report: Callable[[Event], None]) -> None:
        self._exchange = exchange
        self._invoke = invoke
        self._report = report
        self._open = True
        self.streams = bool(exchange.fields.get(_MODE))
        content_type = exchange.field(b"content-type") or runtime_api.STREAM_TYPE
        invoke.begin_answer(content_type, self)

    def data(self, part: bytes) -> None:
        """Pass a part on, unless the response has become too large."""
        if not self._open:
            return
        try:
            taken = self._invoke.take(part)
        except Exception:
            self._fail()
            raise
        if not taken:
            self._open = False
            announced = int(self._exchange.field(b"content-length") or 0)
            self._invoke.size = max(self._invoke.size, announced)
            self._report(Event(Kind.RESPONSE_TOO_LARGE, self._exchange))

    def end(self, trailers: Fields) -> None:
        """Report the whole response; trailers may say that the function failed meanwhile."""
        if self._open:
            try:
                outcome = self._invoke.result()
            except Exception:
                self._fail()
                raise
            self._open = False
            if trailers:
                outcome = _with_trailers(outcome, trailers)
            self._report(Event(Kind.RESPONSE_ENDS, self._exchange, detail=outcome))

    def broken(self) -> None:
        """Report that the runtime disconnected before the end."""
        if self._open:
            self._open = False
            self._report(Event(Kind.RESPONSE_BREAKS, self._exchange))

    def _fail(self) -> None:
        """Report that the emulator cannot take the response; the server reports why."""
        self._open = False
        self._report(Event(Kind.FAULT))

    # What the invoke asks of the sender.

    def hold_back(self) -> None:
        """Let the runtime wait with the rest."""
        self._exchange.hold_back()

    def release(self) -> None:
        """Let the runtime continue."""
        self._exchange.release()

    def abort(self) -> None:
        """Close the connection, which a runtime notices at its next part."""
        if self._open:
            self._exchange.abort()  # `broken` follows


def has_known_mode(exchange: Exchange) -> bool:
    """Return whether the response mode is one that Lambda knows."""
    return exchange.fields.get(_MODE) in _MODES


def error_outcome(exchange: Exchange, body: bytes) -> Outcome:
    """Return the outcome for an error that the runtime posted."""
    if exchange.field(b"content-type") == ERROR_CAUSE_TYPE:
        body = _without_cause(body)
    error_type = exchange.field(_ERROR_TYPE) or UNHANDLED
    return Outcome(body, error_type, "error")


def _with_trailers(outcome: Outcome, trailers: Iterable[tuple[bytes, bytes]]) -> Outcome:
    fields = dict(trailers)
    error_type = fields.get(_ERROR_TYPE, b"").decode("utf-8", "replace")
    if not error_type:
        return outcome
    try:
        details = b64decode(fields.get(_ERROR_BODY, b""), validate=True)
    except ValueError:
        details = b""
    return Outcome(details, error_type, "error")


def _without_cause(body: bytes) -> bytes:
    """Return an error without the part that is only for X-Ray."""
    try:
        error = json.loads(body)
        kept = {name: error[name] for name in _ERROR_KEYS if name in error}
    except (ValueError, TypeError):
        return b'"Invalid error body"'
    return json.dumps(kept).encode()
