"""Streamed results of tests/handlers/streams.py, as the Runtime API receives them."""

from __future__ import annotations

import base64
import json
from typing import Any

from lambda_ric.testing import Event, RecordedRequest
from tests.support.runtime import serving

END_OF_PRELUDE = b"\0" * 8
PIECES = "onezwöi 2three-4-".encode()


def use(handler: str, **event: object) -> Event:
    return Event({"use": handler, **event})


def post_of(handler: str, **event: object) -> RecordedRequest:
    """Return what a handler brings about; the process must outlive it."""
    with serving("streams.chosen", [use(handler, **event), use("plain")]) as runtime:
        first, second = runtime.posts(2)
        assert second.json() == "plain"
        assert runtime.api.violations == []
    return first


def error_of(post: RecordedRequest) -> Any:
    body = post.trailer("Lambda-Runtime-Function-Error-Body")
    assert body is not None
    return json.loads(base64.b64decode(body, validate=True))


def prelude_of(post: RecordedRequest) -> tuple[dict[str, object], bytes]:
    prelude, end, body = post.body.partition(END_OF_PRELUDE)
    assert end
    return json.loads(prelude), body
