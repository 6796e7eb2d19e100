"""The body of a streamed Invoke: messages of `application/vnd.amazon.eventstream`.

All numbers are unsigned and big endian: 4 bytes total length, 4 bytes length of the headers,
CRC-32 of these eight bytes, headers, payload, CRC-32 of all bytes before it. A header is its name
with a length of 1 byte, the type 7,  and its text with a length of 2 bytes (source: the AWS SDKs).
"""

from __future__ import annotations

from binascii import crc32

CONTENT_TYPE = "application/vnd.amazon.eventstream"

MAX_HEADERS = 131_072
"""Largest block of headers in bytes."""

_MAX_READ_PAYLOAD = 24 * 1_048_576

_STRING = b"\x07"

# How many bytes the value of a header has, by its type. Byte arrays and strings bring a length.
_SIZES = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
_SIZED = (6, 7)


class EventStreamError(Exception):
    """The data is not an event stream: a checksum, a length or a header is wrong."""


class Message:
    """One message: its string headers, and its payload."""

    __slots__ = ("headers", "payload")

    def __init__(self, headers: dict[str, str], payload: bytes) -> None:
        self.headers = headers
        self.payload = payload

    @property
    def event_type(self) -> str:
        """PayloadChunk or InvokeComplete, or "" for a message that is not an event."""
        return self.headers.get(":event-type", "")


class MessageReader:
    """Reads messages: feed it received data, then take messages until None."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> None:
        """Take received data, in parts of any size."""
        self._data += data

    def next_message(self) -> Message | None:
        """Return the next message, or None if it needs more data.

        Raises EventStreamError. Headers of other types than string are left out.
        """
        data = self._data
        if len(data) < 12:
            return None
        total, headers_size = _number(data, 0), _number(data, 4)
        if crc32(data[:8]) != _number(data, 8):
            raise EventStreamError("the checksum of a message's lengths is wrong")
        payload_size = total - headers_size - 16
        if headers_size > MAX_HEADERS or not 0 <= payload_size <= _MAX_READ_PAYLOAD:
            raise EventStreamError("the length of a message is impossible")
        if len(data) < total:
            return None
        if crc32(data[: total - 4]) != _number(data, total - 4):
            raise EventStreamError("the checksum of a message is wrong")
        headers_end = 12 + headers_size
        headers = _read_headers(bytes(data[12:headers_end]))
        message = Message(headers, bytes(data[headers_end : total - 4]))
        del data[:total]
        return message

    @property
    def idle(self) -> bool:
        """Whether no byte of a next message has arrived."""
        return not self._data


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


def _number(data: bytes | bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")


def _read_headers(block: bytes) -> dict[str, str]:
    headers = {}
    at = 0
    try:
        while at < len(block):
            name_end = at + 1 + block[at]
            name = block[at + 1 : name_end].decode()
            kind = block[name_end]
            at = name_end + 1
            if kind in _SIZED:
                size = int.from_bytes(block[at : at + 2], "big")
                at += 2
            else:
                size = _SIZES[kind]
            value = block[at : at + size]
            at += size
            if at > len(block):
                raise EventStreamError("a header is cut short")
            if kind == _STRING[0]:
                headers[name] = value.decode()
    except (IndexError, KeyError, UnicodeDecodeError) as error:
        raise EventStreamError("a header cannot be read") from error
    return headers
