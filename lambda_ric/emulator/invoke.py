"""One invoke: what was asked, where its response goes, how it ended."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Protocol

from lambda_ric.wire.runtime_api import JSON_TYPE, MAX_RESPONSE, Invocation

UNHANDLED = "Unhandled"
"""The type of an error that has no type of its own."""

TAIL_SIZE = 4_096
"""The largest part of the end of the log that a caller can get, in bytes."""


_RANDOM = 0xFFFFFFFF_FFFF_0FFF_3FFF_FFFFFFFFFFFF
_VERSION_4 = 0x00000000_0000_4000_8000_000000000000
"""The bits of a UUID that its version and variant set (RFC 9562)."""

_getrandbits = Random().getrandbits
"""Not that of the module: a test that hosts the emulator may have seeded it, and rely on it."""


def new_request_id() -> str:
    """Return a random UUID; uuid.uuid4 takes ten times as long."""
    digits = f"{_getrandbits(128) & _RANDOM | _VERSION_4:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def new_trace_id() -> str:
    """Return a trace id like that of a request which X-Ray does not sample."""
    random = f"{_getrandbits(160):040x}"
    return f"Root=1-{int(time.time()):08x}-{random[:24]};Parent={random[24:]};Sampled=0"


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
        """The end of the log in base64, as the header has it."""
        return b64encode(self.log_tail).decode()


class Source(Protocol):
    """The sender of a response, as its receiver sees it: it can be slowed down or stopped.

    `streams` means that the runtime sends a stream, rather than one result.
    """

    streams: bool

    def hold_back(self) -> None:
        """Let the runtime wait with the rest of its response."""

    def release(self) -> None:
        """Let the runtime go on."""

    def abort(self) -> None:
        """Refuse the rest: nobody reads the response, so the runtime need not produce it."""


class Invoke(ABC):
    """An invoke and the path of its response: subclasses take the response and pass it on.

    `request_id` is shared by all attempts at an event. `abandoned` means that no caller waits any
    more, so the invoke need not begin. `settled` means that it has ended, which happens once.
    `tail` collects the end of the log if the caller wants it, and is None otherwise.
    """

    __slots__ = ("abandoned", "invocation", "request_id", "settled", "size", "tail", "version")

    def __init__(
        self, invocation: Invocation, *, version: str = "$LATEST", wants_tail: bool = False
    ) -> None:
        self.invocation = invocation
        self.request_id = invocation.request_id
        self.version = version
        self.abandoned = False
        self.settled = False
        self.size = 0  # bytes of the answer so far
        self.tail = bytearray() if wants_tail else None

    # The answer, as it comes.

    @abstractmethod
    def begin_answer(self, content_type: str, source: Source) -> None:
        """Expect a response, which comes from `source`."""

    @abstractmethod
    def take(self, part: bytes) -> bool:
        """Take a part of the response. Returns False when it has become too large."""

    @abstractmethod
    def result(self) -> Outcome:
        """Return the outcome of the whole response."""

    def settle(self, outcome: Outcome) -> None:
        """Hand over the outcome. Only the first outcome that can be handed over counts."""
        if not self.settled:
            if self.tail is not None:
                outcome.log_tail = bytes(self.tail[-TAIL_SIZE:])
            self.hand_over(outcome)
            self.settled = True

    @abstractmethod
    def hand_over(self, outcome: Outcome) -> None:
        """Give the outcome to the caller."""

    def log(self, text: str) -> None:
        """Keep a line for the caller who asked for the end of the log."""
        if self.tail is not None:
            self.tail += text.encode() + b"\n"
            if len(self.tail) > 16 * TAIL_SIZE:
                del self.tail[:-TAIL_SIZE]


class CollectedInvoke(Invoke):
    """An invoke whose response is collected and handed over as a whole."""

    __slots__ = ("_content_type", "_parts")

    def begin_answer(self, content_type: str, source: Source) -> None:
        """Note the type of the response; its source need never be slowed down."""
        self._content_type = content_type
        self._parts: list[bytes] = []

    def take(self, part: bytes) -> bool:
        """Keep a part, unless the response has become larger than Lambda allows."""
        self.size += len(part)
        if self.size > MAX_RESPONSE:
            self._parts.clear()
            return False
        self._parts.append(part)
        return True

    def result(self) -> Outcome:
        """Return the collected response."""
        return Outcome(b"".join(self._parts), content_type=self._content_type)


class CallbackInvoke(CollectedInvoke):
    """An invoke of the emulator itself: `on_settled` is called with its outcome, once."""

    __slots__ = ("_on_settled",)

    def __init__(
        self,
        invocation: Invocation,
        on_settled: Callable[[Outcome], None],
        *,
        version: str = "$LATEST",
        wants_tail: bool = False,
    ) -> None:
        super().__init__(invocation, version=version, wants_tail=wants_tail)
        self._on_settled = on_settled

    def hand_over(self, outcome: Outcome) -> None:
        """Call back."""
        self._on_settled(outcome)
