"""The script of a Runtime API: events, other answers, and how their bytes are sent."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lambda_ric.wire import runtime_api
from lambda_ric.wire.writers import encode_response

_ERRORS = {
    400: ("InvalidRequestID", "Invalid request ID"),
    403: ("InvalidStateTransition", "State transition is not allowed"),
    410: ("InvokeTimeout", "Invoke timeout"),
    413: (
        "RequestEntityTooLarge",
        f"Exceeded maximum allowed payload size ({runtime_api.MAX_RESPONSE} bytes).",
    ),
    500: ("InternalServerError", "Internal Server Error"),
}
"""Error type and message by status, as AWS's emulator words them."""


@dataclass(frozen=True)
class Delivery:
    """How the bytes of an answer reach the runtime: by default at once, and the connection stays.

    `delay` is the time before the first byte and `drip` the time before each further byte, both
    in seconds; without `drip` all bytes are sent together. After `cut` bytes the connection is
    closed, even if bytes are left. With `close` it is closed after the answer, without notice: add
    a `Connection: close` field to announce it.
    """

    delay: float = 0.0
    drip: float = 0.0
    cut: int | None = None
    close: bool = False


AT_ONCE = Delivery()


@dataclass(frozen=True)
class Answer:
    """One answer. With `raw`, exactly these bytes are sent, even if they are not HTTP.

    A Content-Length is added unless `fields` name one or a transfer coding.
    """

    status: int = 200
    fields: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    raw: bytes | None = None
    delivery: Delivery = AT_ONCE

    def encode(self) -> bytes:
        """Return the bytes. Raises ValueError for a control character in a field."""
        if self.raw is not None:
            return self.raw
        fields = list(self.fields)
        names = {name.lower() for name, _ in fields}
        if self.status != 204 and not names & {"content-length", "transfer-encoding"}:
            fields.append(("Content-Length", str(len(self.body))))
        return encode_response(self.status, fields) + self.body

    @classmethod
    def of(cls, status: int) -> Answer:
        """Return the answer of AWS's emulator with this status: its acceptance or its error."""
        if status == 204:
            return cls(status)
        if status < 300:
            text = '{"status":"OK"}\n'
        else:
            kind, message = _ERRORS.get(status, ("Unknown", f"status {status}"))
            error = {"errorMessage": message, "errorType": kind}
            text = json.dumps(error, separators=(",", ":")) + "\n"
        return cls(status, (("Content-Type", runtime_api.JSON_TYPE),), text.encode())


@dataclass(frozen=True)
class Event:
    """One invocation. Payloads that are bytes are sent unchanged, all others as JSON.

    The `headers` override and extend the usual ones, whose names are in
    lambda_ric.wire.runtime_api and "Content-Type"; a None leaves the header out, and "" sends it
    empty. The request id contains the event's number, so that a script sends the same bytes
    every time. `timeout` is the time from sending the event to its deadline, in seconds.
    """

    payload: object = field(default_factory=dict)
    headers: Mapping[str, str | None] = field(default_factory=dict)
    timeout: float = 60.0
    status: int = 200
    delivery: Delivery = AT_ONCE

    def answer(self, number: int) -> Answer:
        """Return the answer to `next` that hands out this event under that number."""
        payload = self.payload if isinstance(self.payload, bytes) else _json(self.payload)
        invocation = runtime_api.Invocation(
            request_id(number),
            payload,
            deadline_ms=int((time.time() + self.timeout) * 1000),
            function_arn="arn:aws:lambda:us-east-1:123456789012:function:function",
        )
        fields = dict[str, "str | None"](invocation.to_fields())
        fields.update(self.headers)
        sent = [(name, value) for name, value in fields.items() if value is not None]
        return Answer(self.status, sent, payload, delivery=self.delivery)


def request_id(number: int) -> str:
    """Return the request id of the event of that number; the first is number 1."""
    return f"00000000-0000-4000-8000-{number:012d}"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
