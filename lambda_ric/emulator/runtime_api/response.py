"""The response to an invocation while the runtime posts it: in one piece, or as a stream."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from typing import TYPE_CHECKING

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import UNHANDLED, Invoke, Outcome
from lambda_ric.emulator.lifecycle import Event
from lambda_ric.wire import runtime_api

if TYPE_CHECKING:
    from lambda_ric.wire.head import Fields

ERROR_CAUSE_TYPE = "application/vnd.aws.lambda.error.cause+json"

_ERROR_TYPE = runtime_api.FUNCTION_ERROR_TYPE.lower().encode()
_ERROR_BODY = runtime_api.FUNCTION_ERROR_BODY.lower().encode()
_MODE = runtime_api.RESPONSE_MODE.lower().encode()


class ResponseBody:
    """Consumes the body of a response and passes it to the invoke; `on_event` hears how it ends."""

    def __init__(
        self,
        exchange: Exchange,
        invoke: Invoke,
        on_event: Callable[[Event, Exchange, Outcome], None],
    ) -> None:
        self._exchange = exchange
        self._invoke = invoke
        self._on_event = on_event
        self._open = True
        content_type = exchange.field(b"content-type") or runtime_api.STREAM_TYPE
        invoke.begin_answer(content_type, self._throttle)

    def data(self, part: bytes) -> None:
        """Pass a part on, unless it is too much."""
        if self._open and not self._invoke.take(part):
            self._open = False
            self._on_event(Event.RESPONSE_TOO_LARGE, self._exchange, Outcome(b""))

    def end(self, trailers: Fields) -> None:
        """The response is whole; trailers may say that the function failed on the way."""
        if self._open:
            self._open = False
            outcome = _with_trailers(self._invoke.result(), dict(trailers))
            self._on_event(Event.RESPONSE_ENDS, self._exchange, outcome)

    def broken(self) -> None:
        """The runtime has gone in the middle."""
        if self._open:
            self._open = False
            self._on_event(Event.RESPONSE_BREAKS, self._exchange, Outcome(b""))

    def _throttle(self, hold: bool) -> None:
        if hold:
            self._exchange.hold_back()
        else:
            self._exchange.release()


def has_known_mode(exchange: Exchange) -> bool:
    """Tell whether the runtime asks for a response mode that there is."""
    return exchange.fields.get(_MODE, b"") in (b"", runtime_api.STREAMING.encode())


def error_outcome(exchange: Exchange, body: bytes) -> Outcome:
    """Return what an error that the runtime posted amounts to."""
    if exchange.field(b"content-type") == ERROR_CAUSE_TYPE:
        body = _without_cause(body)
    error_type = exchange.field(_ERROR_TYPE) or UNHANDLED
    return Outcome(body, error_type, "error")


def _with_trailers(outcome: Outcome, trailers: dict[bytes, bytes]) -> Outcome:
    error_type = trailers.get(_ERROR_TYPE, b"").decode("utf-8", "replace")
    if not error_type:
        return outcome
    try:
        details = b64decode(trailers.get(_ERROR_BODY, b""), validate=True)
    except ValueError:
        details = b""
    return Outcome(details, error_type, "error")


def _without_cause(body: bytes) -> bytes:
    """Return an error without what is for X-Ray alone."""
    try:
        error = json.loads(body)
        kept = {name: error[name] for name in _ERROR_KEYS if name in error}
    except (ValueError, TypeError):
        return b'"Invalid error body"'
    return json.dumps(kept).encode()


_ERROR_KEYS = ("errorMessage", "errorType", "stackTrace")
