"""The events that functions are invoked with."""

from __future__ import annotations

import json

from lambda_ric.events.http import http_api

EVENT = b'{"id": 1, "name": "benchmark", "tags": ["a", "b"], "active": true}'


HTTP_EVENT = json.dumps(http_api("GET", "/items/7")).encode()


def text_event(size: int) -> bytes:
    """Return an event of so many bytes that is one long text, as an uploaded file would be."""
    event = b'{"body": "%b"}' % (b"a" * (size - 12))
    assert len(event) == size
    return event


def records_event(size: int) -> bytes:
    """Return an event of about so many bytes that is a list of small records."""
    record = {"id": 1234567, "sku": "A-1234", "price": 12.5, "tags": ["new", "sale"], "ok": True}
    count = size // (len(json.dumps(record)) + 2)
    return json.dumps({"records": [record] * count}).encode()
