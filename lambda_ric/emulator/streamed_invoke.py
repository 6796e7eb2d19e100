"""An invoke whose response goes to its caller part by part.

Nothing is buffered: a slow caller holds back the runtime, and so the function. When the caller
leaves, the runtime is stopped.
"""

from __future__ import annotations

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import Invoke, Outcome, Source
from lambda_ric.wire.runtime_api import Invocation

MAX_STREAM = 200 * 1_048_576
"""Largest streamed response in bytes."""


class StreamedInvoke(Invoke):
    """Passes the parts of an answer on to an exchange; subclasses begin it, frame it, end it."""

    __slots__ = ("exchange", "source")

    def __init__(
        self,
        invocation: Invocation,
        exchange: Exchange,
        *,
        version: str = "$LATEST",
        wants_tail: bool = False,
    ) -> None:
        super().__init__(invocation, version=version, wants_tail=wants_tail)
        self.exchange = exchange
        self.source: Source | None = None
        exchange.on_gone = self._caller_left
        exchange.on_writable = self._caller_read

    def begin_answer(self, content_type: str, source: Source) -> None:
        """Expect the parts, unless the caller has left before the first."""
        self.source = source
        if self.abandoned:
            source.abort()
        else:
            self.begin(content_type)

    def begin(self, content_type: str) -> None:
        """Begin the response to the caller, as far as its head is known."""

    def take(self, part: bytes) -> bool:
        """Pass a part on. Returns False when the stream has become too large."""
        self.size += len(part)
        if self.size > MAX_STREAM:
            return False
        self.exchange.write(self.framed(part))
        if self.source is not None and not self.exchange.writable:
            self.source.hold_back()
        return True

    def framed(self, part: bytes) -> bytes:
        """Return a part as it travels."""
        return part

    def result(self) -> Outcome:
        """Return a success without payload: the response itself has already been sent."""
        return Outcome(b"")

    def _caller_left(self) -> None:
        """Stop the runtime: nobody reads the rest of its response."""
        self.abandoned = True
        if self.source is not None:
            self.source.abort()

    def _caller_read(self) -> None:
        if self.source is not None:
            self.source.release()
