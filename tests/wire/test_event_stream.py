from __future__ import annotations

from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.wire.event_stream import encode_message, invoke_complete, payload_chunk

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
