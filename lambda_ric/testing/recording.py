"""Records the requests to a scripted Runtime API, and waits for them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lambda_ric.wire.head import Fields
    from lambda_ric.wire.request import Request

PATIENCE = 30.0
"""How long a test waits for an expected request, in seconds, before it fails."""


@dataclass
class RecordedRequest:
    """One request as it arrived. It is listed once its head is there, and grows until `complete`.

    `head` is the head byte for byte without its empty line, `fields` its header fields in order
    with the names as they were sent. `connection` counts the connections from 1. `parts` are the
    parts of the body, each with the time it arrived; that and `arrived` (the time of the head)
    are in seconds of time.monotonic().
    """

    connection: int
    head: bytes
    method: str
    target: str
    fields: Fields
    arrived: float
    parts: list[tuple[float, bytes]] = field(default_factory=list)
    trailers: Fields = field(default_factory=list)
    complete: bool = False

    @classmethod
    def of(cls, request: Request, head: bytes, connection: int) -> RecordedRequest:
        """Begin the record of a request whose head has just arrived."""
        lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
        fields = [(name, value.strip(b" \t")) for name, _, value in lines]
        method, target = request.method.decode(), request.target.decode()
        return cls(connection, head, method, target, fields, time.monotonic())

    @property
    def body(self) -> bytes:
        """The body, as much as has arrived."""
        return b"".join([part for _, part in self.parts])

    def json(self) -> Any:
        """Return the value of the JSON body. Raises ValueError if it is not JSON."""
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return the value of the header field of that name, ignoring case, or None."""
        return _value(self.fields, name)

    def trailer(self, name: str) -> str | None:
        """Return the value of the trailer field of that name, ignoring case, or None."""
        return _value(self.trailers, name)


def _value(fields: Fields, name: str) -> str | None:
    wanted = name.lower().encode()
    for found, value in fields:
        if found.lower() == wanted:
            return value.decode("utf-8", "surrogateescape")
    return None


class Recording:
    """The requests in the order of their arrival; any thread may read and await them."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.closed = False
        self.violations: list[str] = []
        self._requests: list[RecordedRequest] = []

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests; the last ones may be incomplete."""
        with self.changed:
            return list(self._requests)

    def add(self, request: RecordedRequest) -> None:
        """List a request whose head has arrived."""
        with self.changed:
            self._requests.append(request)
            self.changed.notify_all()

    def extend(self, request: RecordedRequest, part: bytes) -> None:
        """Add a part of the body to a listed request."""
        with self.changed:
            request.parts.append((time.monotonic(), part))
            self.changed.notify_all()

    def complete(self, request: RecordedRequest, trailers: Fields) -> None:
        """Mark a listed request as complete."""
        with self.changed:
            request.trailers = trailers
            request.complete = True
            self.changed.notify_all()

    def violate(self, message: str) -> None:
        """Note data that is not HTTP/1.1."""
        with self.changed:
            self.violations.append(message)
            self.changed.notify_all()

    def close(self) -> None:
        """Wake up all waiting threads: nothing more will come."""
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def wait_for(self, condition: Callable[[], object], timeout: float) -> None:
        """Wait until the condition holds; it is checked again at every arrival.

        Raises TimeoutError after `timeout` seconds or when nothing more can come; the message lists
        the requests so far.
        """
        with self.changed:
            self.changed.wait_for(lambda: condition() or self.closed, timeout)
            if not condition():
                lines = [f"{r.method} {r.target} {r.body[:200]!r}" for r in self._requests]
                lines += self.violations
                raise TimeoutError("\n  ".join(["timed out; received so far:", *lines]))
