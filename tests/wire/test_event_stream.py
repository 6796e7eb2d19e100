from __future__ import annotations

from binascii import crc32

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import example, given
from hypothesis import strategies as st

from lambda_ric.wire.event_stream import (
    EventStreamError,
    Message,
    MessageReader,
    encode_message,
    invoke_complete,
    payload_chunk,
)

# The same messages, built by hand from the AWS SDKs' description of the format.
HI = """
    0000006c 0000005a b25efdcf
    0b 3a6576656e742d74797065 07 000c 5061796c6f61644368756e6b
    0d 3a636f6e74656e742d74797065 07 0018 6170706c69636174696f6e2f6f637465742d73747265616d
    0d 3a6d6573736167652d74797065 07 0005 6576656e74
    6869 1162e469
"""
COMPLETE = """
    00000066 00000054 1f56c869
    0b 3a6576656e742d74797065 07 000e 496e766f6b65436f6d706c657465
    0d 3a636f6e74656e742d74797065 07 0010 6170706c69636174696f6e2f6a736f6e
    0d 3a6d6573736167652d74797065 07 0005 6576656e74
    7b7d 7006d467
"""
EMPTY = "00000010 00000000 05c248eb 7d98c8ff"
NAMES = st.text(min_size=1, max_size=60).filter(lambda name: len(name.encode()) < 256)


def decode(data: bytes) -> list[tuple[dict[str, object], bytes]]:
    """Decode messages as botocore does for a streamed Invoke."""
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return [(message.headers, message.payload) for message in buffer]


def test_a_payload_chunk_byte_for_byte() -> None:
    assert payload_chunk(b"hi") == bytes.fromhex(HI)


def test_an_invoke_complete_byte_for_byte() -> None:
    assert invoke_complete(b"{}") == bytes.fromhex(COMPLETE)


def test_an_empty_message_byte_for_byte() -> None:
    assert encode_message({}, b"") == bytes.fromhex(EMPTY)


@given(st.lists(st.binary(min_size=1), max_size=5))
def test_botocore_decodes_a_whole_stream(parts: list[bytes]) -> None:
    stream = b"".join([payload_chunk(part) for part in parts]) + invoke_complete(b"{}")
    messages = decode(stream)
    assert [payload for _, payload in messages] == [*parts, b"{}"]
    *chunks, last = [headers for headers, _ in messages]
    for headers in chunks:
        assert headers == {
            ":event-type": "PayloadChunk",
            ":content-type": "application/octet-stream",
            ":message-type": "event",
        }
    assert last == {
        ":event-type": "InvokeComplete",
        ":content-type": "application/json",
        ":message-type": "event",
    }


@given(st.dictionaries(NAMES, st.text(max_size=200), max_size=4), st.binary())
def test_botocore_decodes_any_headers(headers: dict[str, str], payload: bytes) -> None:
    assert decode(encode_message(headers, payload)) == [(headers, payload)]


def read(parts: list[bytes]) -> list[Message]:
    """Feed a reader part by part, and take what it reads."""
    reader = MessageReader()
    messages = []
    for part in parts:
        reader.feed(part)
        while (message := reader.next_message()) is not None:
            messages.append(message)
    assert reader.idle
    return messages


def sealed(headers: bytes, payload: bytes = b"") -> bytes:
    """Build a message around a block of headers that the encoder would not write."""
    prelude = (len(headers) + len(payload) + 16).to_bytes(4, "big")
    prelude += len(headers).to_bytes(4, "big")
    message = prelude + crc32(prelude).to_bytes(4, "big") + headers + payload
    return message + crc32(message).to_bytes(4, "big")


HEADERS = st.dictionaries(NAMES, st.text(max_size=200), max_size=4)


@given(st.lists(st.tuples(HEADERS, st.binary()), max_size=4), st.data())
def test_encoded_messages_are_read_back_at_any_pace(
    messages: list[tuple[dict[str, str], bytes]], data: st.DataObject
) -> None:
    stream = b"".join([encode_message(headers, payload) for headers, payload in messages])
    size = data.draw(st.integers(1, len(stream) + 1))
    parts = [stream[at : at + size] for at in range(0, len(stream), size)]
    assert [(m.headers, m.payload) for m in read(parts)] == messages


@given(st.binary(max_size=60))
@example(b"\0\x09")
def test_any_bytes_are_read_as_botocore_reads_them_or_refused(block: bytes) -> None:
    message = sealed(block)
    try:
        expected: list[tuple[dict[str, object], bytes]] | None = decode(message)
    except Exception:
        expected = None  # it has errors of many kinds for headers that make no sense
    refusal = ""
    try:
        (read_back,) = read([message])
    except EventStreamError as error:
        refusal = str(error)
    if refusal:
        assert expected is None or refusal == "a header is cut short"  # botocore takes half a UUID
        return
    if expected is not None:
        texts = {name: value for name, value in expected[0][0].items() if type(value) is str}
        assert texts.items() <= read_back.headers.items()


def test_headers_of_other_types_are_left_out() -> None:
    block = b"\x01a\x00" + b"\x01b\x04\0\0\0\1" + b"\x01c\x06\0\2xy" + b"\x01d\x09" + bytes(16)
    (message,) = read([sealed(block + b"\x01e\x07\0\1z", b"payload")])
    assert (message.headers, message.payload) == ({"e": "z"}, b"payload")
    assert message.event_type == ""


@pytest.mark.parametrize("at", range(len(payload_chunk(b"hi"))))
def test_one_wrong_byte_anywhere_is_noticed(at: int) -> None:
    broken = bytearray(payload_chunk(b"hi"))
    broken[at] ^= 0x40
    with pytest.raises(EventStreamError):
        read([bytes(broken)])


@pytest.mark.parametrize(
    "lengths", [(15, 0), (16, 1), (2**32 - 1, 0), (200_000, 131_073), (0, 0), (40, 2**32 - 1)]
)
def test_impossible_lengths_are_refused_before_anything_is_kept(lengths: tuple[int, int]) -> None:
    prelude = b"".join([length.to_bytes(4, "big") for length in lengths])
    with pytest.raises(EventStreamError, match="the length of a message is impossible"):
        read([prelude + crc32(prelude).to_bytes(4, "big")])


@pytest.mark.parametrize(
    "block", [b"\x05a", b"\x01a", b"\x01a\x0a", b"\x01a\x07\0\5x", b"\x01a\x07\0\1\xff"]
)
def test_headers_that_cannot_be_read_are_refused(block: bytes) -> None:
    with pytest.raises(EventStreamError):
        read([sealed(block)])
