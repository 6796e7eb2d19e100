"""InvokeWithResponseStream: a response that is sent as it comes, in event-stream messages.

Nothing is buffered: a slow caller holds back the runtime, and so the function.
Source: InvokeWithResponseStream in the Lambda API reference.
"""

from __future__ import annotations

import json

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import Invoke, Outcome, Source
from lambda_ric.emulator.invoke_api.parameters import InvokeParameters
from lambda_ric.wire.event_stream import CONTENT_TYPE, invoke_complete, payload_chunk
from lambda_ric.wire.runtime_api import Invocation

MAX_STREAM = 200 * 1_048_576
"""Largest streamed response in bytes."""


class StreamedInvoke(Invoke):
    """An invoke whose response goes to its caller part by part."""

    __slots__ = ("_exchange", "_parameters", "_source")

    def __init__(
        self, invocation: Invocation, exchange: Exchange, parameters: InvokeParameters
    ) -> None:
        super().__init__(invocation, version=parameters.version, wants_tail=parameters.wants_tail)
        self._exchange = exchange
        self._parameters = parameters
        self._source: Source | None = None
        exchange.on_gone = self._caller_left
        exchange.on_writable = self._caller_read

    def begin_answer(self, content_type: str, source: Source) -> None:
        """Begin the response to the caller."""
        self._source = source
        self._begin()

    def take(self, part: bytes) -> bool:
        """Pass a part on. Returns False when the stream has become too large."""
        self.size += len(part)
        if self.size > MAX_STREAM:
            return False
        self._exchange.write(payload_chunk(part))
        if self._source is not None and not self._exchange.writable:
            self._source.hold_back()
        return True

    def result(self) -> Outcome:
        """Return a success without payload: the response itself has already been sent."""
        return Outcome(b"")

    def hand_over(self, outcome: Outcome) -> None:
        """End the stream with how the invoke ended."""
        details = {}
        if outcome.error_type is not None:
            details["ErrorCode"] = outcome.error_type
            details["ErrorDetails"] = outcome.payload.decode("utf-8", "replace")
        if outcome.log_tail:
            details["LogResult"] = outcome.encoded_tail
        self._begin()
        self._exchange.write(invoke_complete(json.dumps(details).encode()))
        self._exchange.finish()

    def _begin(self) -> None:
        if not self._exchange.started:
            fields = (("Content-Type", CONTENT_TYPE), *self._parameters.response_fields())
            self._exchange.begin(200, fields)

    def _caller_left(self) -> None:
        """Stop the runtime: nobody reads the rest of its response."""
        self.abandoned = True
        if self._source is not None:
            self._source.abort()

    def _caller_read(self) -> None:
        if self._source is not None:
            self._source.release()
