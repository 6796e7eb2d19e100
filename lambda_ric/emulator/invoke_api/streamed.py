"""InvokeWithResponseStream: a response that is sent as it arrives, in event-stream messages.

Source: InvokeWithResponseStream in the Lambda API reference.
"""

from __future__ import annotations

import json

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import Outcome
from lambda_ric.emulator.invoke_api.parameters import InvokeParameters
from lambda_ric.emulator.streamed_invoke import StreamedInvoke
from lambda_ric.wire.event_stream import CONTENT_TYPE, invoke_complete, payload_chunk
from lambda_ric.wire.runtime_api import Invocation


class EventStreamInvoke(StreamedInvoke):
    """An invoke whose response goes to its caller in messages."""

    __slots__ = ("_parameters",)

    def __init__(
        self, invocation: Invocation, exchange: Exchange, parameters: InvokeParameters
    ) -> None:
        super().__init__(
            invocation,
            exchange,
            version=parameters.version,
            wants_tail=parameters.wants_tail,
        )
        self._parameters = parameters

    def begin(self, content_type: str) -> None:
        """Begin the response; its messages do not say what type the payload has."""
        if not self.exchange.started:
            common = self._parameters.response_fields(self.invocation)
            fields = (("Content-Type", CONTENT_TYPE), *common)
            self.exchange.begin(200, fields)

    def framed(self, part: bytes) -> bytes:
        """Return a part as a message."""
        return payload_chunk(part)

    def hand_over(self, outcome: Outcome) -> None:
        """End the stream with the outcome of the invoke."""
        details = {}
        if outcome.error_type is not None:
            details["ErrorCode"] = outcome.error_type
            details["ErrorDetails"] = outcome.payload.decode("utf-8", "replace")
        if outcome.log_tail:
            details["LogResult"] = outcome.encoded_tail
        self.begin(CONTENT_TYPE)
        self.exchange.write(invoke_complete(json.dumps(details).encode()))
        self.exchange.finish()
