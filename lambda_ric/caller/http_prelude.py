"""The HTTP prelude of a streamed answer: status, headers and cookies before the body.

Source: "Response streaming for Lambda functions" in the AWS Lambda developer guide.
"""

from __future__ import annotations

import json
from typing import Any

from lambda_ric.wire.runtime_api import PRELUDE_END

_KEYS = {"statusCode", "headers", "multiValueHeaders", "cookies"}


def split_prelude(data: bytes) -> tuple[dict[str, Any] | None, bytes]:
    """Return the prelude that an answer begins with, or None, and the rest of the answer."""
    head, end, rest = data.partition(PRELUDE_END)
    prelude = _parse(head) if end else None
    return (None, data) if prelude is None else (prelude, rest)


class PreludeReader:
    """Takes the prelude out of an answer that comes in chunks; `prelude` is None if it has none.

    Whether there is one is known from the first chunk. A runtime may send the end of the prelude,
    eight zero bytes, as the next one.
    """

    def __init__(self) -> None:
        self.prelude: dict[str, Any] | None = None
        self._held: bytes | None = b""

    def feed(self, chunk: bytes) -> bytes:
        """Take a chunk, and return what of it is body: b"" if nothing is, or not yet."""
        if self._held is None:
            return chunk
        data = self._held + chunk
        if _may_be_prelude(data):
            self._held = data
            return b""
        self._held = None
        self.prelude, body = split_prelude(data)
        return body

    def close(self) -> bytes:
        """Return what was held back for a prelude that has no end."""
        held, self._held = self._held, None
        return held or b""


def _may_be_prelude(data: bytes) -> bool:
    """Tell whether the end of a prelude may still come."""
    head = data.rstrip(b"\0")
    return len(data) - len(head) < len(PRELUDE_END) and _parse(head) is not None


def _parse(head: bytes) -> dict[str, Any] | None:
    if not head.startswith(b"{"):
        return None
    try:
        value = json.loads(head)
    except ValueError:
        return None
    return value if isinstance(value, dict) and value.keys() <= _KEYS else None
