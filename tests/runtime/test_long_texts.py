"""Long texts are written another way than short ones, and come out the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.runtime import marshal

FILLING = "0123456789" * 1_000
"""Longer than what is written the short way."""

ALL_CHARACTERS = "".join(map(chr, range(0x250))) + "\u2028\ufeff\U0001f600"


@pytest.mark.parametrize("character", [*map(chr, range(0x30)), "\\", "\x7f", "é", "\U0001f600"])
def test_a_long_text_is_escaped_as_json_does(character: str) -> None:
    text = f"{character}{FILLING}{character}{character}{FILLING}{character}"
    assert marshal.encode(text) == json.dumps(text, ensure_ascii=False)


def test_a_long_text_of_all_characters_is_escaped_as_json_does() -> None:
    text = ALL_CHARACTERS * 20
    assert marshal.encode({"body": text}) == json.dumps({"body": text}, ensure_ascii=False)


def test_short_texts_and_keys_beside_a_long_one_are_escaped_too() -> None:
    value = {'a "key"': "\x00", "body": FILLING, "list": ["\n", {"\\": '"'}]}
    assert marshal.encode(value) == json.dumps(value, ensure_ascii=False)


@given(st.text(), st.text())
def test_any_long_text_is_escaped_as_json_does(before: str, after: str) -> None:
    text = before + FILLING + after
    for value in (text, [text], {"body": text}):
        assert marshal.encode(value) == json.dumps(value, ensure_ascii=False)


def test_a_lone_surrogate_in_a_long_text_is_left_for_the_encoding_to_refuse() -> None:
    text = FILLING + "\ud800"
    assert marshal.encode(text) == json.dumps(text, ensure_ascii=False)
