"""Invoke: a response that is collected and sent to its caller as a whole."""

from __future__ import annotations

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import UNHANDLED, CollectedInvoke, Outcome
from lambda_ric.emulator.invoke_api.parameters import InvokeParameters
from lambda_ric.wire.runtime_api import JSON_TYPE, Invocation


class BufferedInvoke(CollectedInvoke):
    """An invoke that answers one exchange."""

    __slots__ = ("_exchange", "_parameters")

    def __init__(
        self, invocation: Invocation, exchange: Exchange, parameters: InvokeParameters
    ) -> None:
        super().__init__(invocation, version=parameters.version, wants_tail=parameters.wants_tail)
        self._exchange = exchange
        self._parameters = parameters
        exchange.on_gone = self._caller_left

    def hand_over(self, outcome: Outcome) -> None:
        """Send the response."""
        fields = (("Content-Type", JSON_TYPE), *self._parameters.response_fields(self.invocation))
        if outcome.error_type is not None:
            fields += (("X-Amz-Function-Error", UNHANDLED),)
        if self.tail is not None:
            fields += (("X-Amz-Log-Result", outcome.encoded_tail),)
        self._exchange.respond(200, fields, outcome.payload)

    def _caller_left(self) -> None:
        self.abandoned = True
