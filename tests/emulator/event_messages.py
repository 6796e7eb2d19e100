"""Reads an event stream with the decoder of the AWS SDK for Python."""

from __future__ import annotations

import json
from typing import Any

from botocore.eventstream import EventStreamBuffer


class Messages:
    """What has come so far."""

    def __init__(self) -> None:
        self._buffer = EventStreamBuffer()
        self.chunks: list[bytes] = []
        self.complete: dict[str, Any] | None = None

    def feed(self, data: bytes) -> Messages:
        self._buffer.add_data(data)
        for event in self._buffer:
            message = event.to_response_dict()
            if message["headers"][":event-type"] == "PayloadChunk":
                self.chunks.append(message["body"])
            else:
                self.complete = json.loads(message["body"])
        return self

    @property
    def payload(self) -> bytes:
        return b"".join(self.chunks)
