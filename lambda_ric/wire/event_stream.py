"""The body of a streamed Invoke: messages of `application/vnd.amazon.eventstream`, encoded.

All numbers are unsigned and big endian: 4 bytes total length, 4 bytes length of the headers,
CRC-32 of these eight bytes, headers, payload, CRC-32 of all before it. A header is its name with
a length of 1 byte, the type 7, and its text with a length of 2 bytes (source: the AWS SDKs).
"""

from __future__ import annotations

from binascii import crc32

CONTENT_TYPE = "application/vnd.amazon.eventstream"

MAX_PAYLOAD = 16 * 1_048_576
"""Largest payload of one message in bytes; decoders accept 24 MiB."""

_STRING = b"\x07"


def encode_message(headers: dict[str, str], payload: bytes) -> bytes:
    """Return one message with string headers."""
    block = bytearray()
    for name, value in headers.items():
        key, text = name.encode(), value.encode()
        block += len(key).to_bytes(1, "big") + key + _STRING + len(text).to_bytes(2, "big") + text
    prelude = (len(block) + len(payload) + 16).to_bytes(4, "big") + len(block).to_bytes(4, "big")
    message = prelude + crc32(prelude).to_bytes(4, "big") + block + payload
    return message + crc32(message).to_bytes(4, "big")


def payload_chunk(data: bytes) -> bytes:
    """Return the event that carries a part of the function's response."""
    return _event("PayloadChunk", "application/octet-stream", data)


def invoke_complete(details: bytes) -> bytes:
    """Return the last event; its JSON may hold ErrorCode, ErrorDetails and LogResult."""
    return _event("InvokeComplete", "application/json", details)


def _event(event_type: str, content_type: str, payload: bytes) -> bytes:
    headers = {
        ":event-type": event_type,
        ":content-type": content_type,
        ":message-type": "event",
    }
    return encode_message(headers, payload)
