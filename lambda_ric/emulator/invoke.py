"""One invoke on its way: what was asked, where the answer goes, how it ended."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass

from lambda_ric.wire.runtime_api import JSON_TYPE, MAX_RESPONSE, Invocation

UNHANDLED = "Unhandled"
"""The type of an error that has no other."""

TAIL_SIZE = 4_096
"""How much of the end of the log a caller can ask for, in bytes."""


@dataclass(slots=True)
class Outcome:
    """How an invoke ended.

    `payload` is the result, or the JSON of an error; `error_type` is None for a result.
    """

    payload: bytes
    error_type: str | None = None
    status: str = "success"  # as in a report: success, error, timeout, failure
    content_type: str = JSON_TYPE
    log_tail: bytes = b""

    @property
    def encoded_tail(self) -> str:
        """The end of the log as it travels, in base64."""
        return b64encode(self.log_tail).decode()


class Invoke:
    """An invoke whose answer is collected and handed over as a whole, by `on_settled`, once."""

    def __init__(
        self,
        invocation: Invocation,
        on_settled: Callable[[Outcome], None],
        *,
        version: str = "$LATEST",
        wants_tail: bool = False,
    ) -> None:
        self.invocation = invocation
        self.version = version
        self.abandoned = False  # nobody waits any more: it need not begin
        self.content_type = JSON_TYPE
        self._on_settled = on_settled
        self._tail = bytearray() if wants_tail else None
        self._parts: list[bytes] = []
        self.size = 0  # bytes of the answer so far

    @property
    def wants_tail(self) -> bool:
        """Whether the caller wants the end of the log."""
        return self._tail is not None

    @property
    def request_id(self) -> str:
        """The id that all attempts share."""
        return self.invocation.request_id

    # The answer, as it comes.

    def begin_answer(self, content_type: str, throttle: Callable[[bool], None]) -> None:
        """Expect an answer. `throttle(True)` makes the runtime wait, `throttle(False)` go on."""
        self.content_type = content_type

    def take(self, part: bytes) -> bool:
        """Take a part of the answer. Returns False when it has become too large."""
        self.size += len(part)
        if self.size > MAX_RESPONSE:
            self._parts.clear()
            return False
        self._parts.append(part)
        return True

    def result(self) -> Outcome:
        """Return what the whole answer amounts to."""
        return Outcome(b"".join(self._parts), content_type=self.content_type)

    def settle(self, outcome: Outcome) -> None:
        """Tell the caller how it ended."""
        if self._tail is not None:
            outcome.log_tail = bytes(self._tail[-TAIL_SIZE:])
        self._on_settled(outcome)

    def log(self, text: str) -> None:
        """Keep a line for the caller who asked for the end of the log."""
        if self._tail is not None:
            self._tail += text.encode() + b"\n"
            if len(self._tail) > 16 * TAIL_SIZE:
                del self._tail[:-TAIL_SIZE]
