from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.caller.http_prelude import PreludeReader, split_prelude

PRELUDE = {"statusCode": 201, "headers": {"x-a": "b"}}
HEAD = json.dumps(PRELUDE).encode()
END = bytes(8)


def read(*chunks: bytes) -> tuple[object, list[bytes]]:
    reader = PreludeReader()
    bodies = [*map(reader.feed, chunks), reader.close()]
    return reader.prelude, [body for body in bodies if body]


def test_a_prelude_is_apart_from_the_body() -> None:
    assert split_prelude(HEAD + END + b"body") == (PRELUDE, b"body")
    assert read(HEAD + END + b"bo", b"dy") == (PRELUDE, [b"bo", b"dy"])


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"text", b"{bad" + END, b'{"a": 1}' + END + b"x", END]
)
def test_other_answers_stay_whole(data: bytes) -> None:
    assert split_prelude(data) == (None, data)
    assert b"".join(read(data)[1]) == data


@pytest.mark.parametrize(
    "chunks", [(HEAD, END, b"body"), (HEAD, END + b"body"), (HEAD + END[:3], END[3:] + b"body")]
)
def test_the_end_of_a_prelude_may_come_later(chunks: tuple[bytes, ...]) -> None:
    assert read(*chunks) == (PRELUDE, [b"body"])


def test_chunks_of_json_are_not_held_back() -> None:
    reader = PreludeReader()
    assert reader.feed(b'{"line": 1}\n') == b'{"line": 1}\n'
    assert reader.feed(HEAD + END) == HEAD + END


@given(st.lists(st.binary()))
def test_nothing_is_lost(chunks: list[bytes]) -> None:
    assert b"".join(read(*chunks)[1]) == b"".join(chunks)
