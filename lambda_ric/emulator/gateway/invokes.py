"""The invokes of a front door: one collects the result, one passes a stream on."""

from __future__ import annotations

from collections.abc import Callable

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.gateway.answers import Answer, InvalidAnswer
from lambda_ric.emulator.gateway.front_door import MAX_PRELUDE
from lambda_ric.emulator.gateway.visit import Visit
from lambda_ric.emulator.invoke import CollectedInvoke, Outcome, Source
from lambda_ric.emulator.streamed_invoke import StreamedInvoke
from lambda_ric.wire.runtime_api import (
    HTTP_INTEGRATION_TYPE,
    MAX_RESPONSE,
    PRELUDE_END,
    Invocation,
)


class BufferedRequest(CollectedInvoke):
    """An invoke whose result becomes a response; `on_stream` hears if it comes as a stream."""

    __slots__ = ("_on_stream", "_timer", "_visit")

    def __init__(
        self,
        invocation: Invocation,
        visit: Visit,
        version: str,
        clock: Clock,
        on_stream: Callable[[Visit], None],
    ) -> None:
        super().__init__(invocation, version=version)
        self._visit = visit
        self._on_stream = on_stream
        visit.exchange.on_gone = self._client_left
        seconds = visit.door.seconds
        self._timer = clock.after(seconds, self._too_late) if seconds is not None else None

    def begin_answer(self, content_type: str, source: Source) -> None:
        """Say so if it is a stream."""
        super().begin_answer(content_type, source)
        if source.streams:
            self._on_stream(self._visit)

    def hand_over(self, outcome: Outcome) -> None:
        """Answer the client, if it still waits."""
        if self._timer is not None:
            self._timer.cancel()
        if not self._visit.exchange.started:
            self._visit.settle(outcome)

    def _too_late(self) -> None:
        """Answer the client, and let the function finish for itself, as API Gateway does."""
        if not self.settled:
            self.abandoned = True
            seconds = self._visit.door.seconds
            self._visit.report(f"the front door waits {seconds:.0f} seconds for a function")
            self._visit.refuse(self._visit.door.too_late())

    def _client_left(self) -> None:
        self.abandoned = True


class StreamedRequest(StreamedInvoke):
    """An invoke whose stream becomes the body of a response; a whole result is taken too."""

    __slots__ = ("_bodyless", "_collects", "_parts", "_prelude", "_visit")

    def __init__(self, invocation: Invocation, visit: Visit, version: str) -> None:
        super().__init__(invocation, visit.exchange, version=version)
        self._visit = visit
        self._collects = False
        self._bodyless = False
        self._prelude: bytearray | None = None
        self._parts: list[bytes] = []

    def begin(self, content_type: str) -> None:
        """Begin the response, unless its head is still to come."""
        if self.source is not None and not self.source.streams:
            self._collects = True
        elif content_type == HTTP_INTEGRATION_TYPE:
            self._prelude = bytearray()
        else:
            self._begin(Answer(200, [("Content-Type", content_type)]))

    def take(self, part: bytes) -> bool:
        """Pass a part on, once the head is known."""
        if self._collects:
            self.size += len(part)
            self._parts.append(part)
            return self.size <= MAX_RESPONSE
        if self._prelude is not None:
            self._prelude += part
            head, end, part = bytes(self._prelude).partition(PRELUDE_END)
            if not end and len(self._prelude) <= MAX_PRELUDE:
                return True
            self._prelude = None
            try:
                if not end:
                    raise InvalidAnswer("the prelude of its stream has no end within 16 KB")
                self._begin(self._visit.door.head(head))
            except InvalidAnswer as error:
                self._stop(error)
        if self._bodyless or not part:
            return True
        return super().take(part)

    def result(self) -> Outcome:
        """Return the result, if it came as a whole."""
        return Outcome(b"".join(self._parts))

    def hand_over(self, outcome: Outcome) -> None:
        """End the stream, or break it off when the function has failed in the middle."""
        exchange, visit = self.exchange, self._visit
        if exchange.answered:
            return
        if not exchange.started:
            if self._prelude is not None and outcome.error_type is None:
                visit.reject(InvalidAnswer("its stream ended within the prelude"))
            else:
                visit.settle(outcome)
            return
        if outcome.error_type is not None:
            exchange.break_off()
        else:
            exchange.finish()
        visit.note()

    def _begin(self, answer: Answer) -> None:
        try:
            self._bodyless = not self._visit.begin(answer)
        except ValueError as error:
            self._stop(InvalidAnswer(str(error)))
        else:
            if self._bodyless:
                self._visit.note()

    def _stop(self, error: InvalidAnswer) -> None:
        """Answer that the stream cannot be sent, and take no more of it."""
        self._bodyless = True
        self._visit.reject(error)
        if self.source is not None:
            self.source.abort()
