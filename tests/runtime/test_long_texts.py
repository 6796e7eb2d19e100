"""Long texts are written another way than short ones, and come out the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.runtime import payloads as marshal
from lambda_ric.runtime.errors import Fault

FILLING = "0123456789" * 1_000
"""Longer than what is written the short way."""

NOTHING_LOST = [{}, {"after": [1]}, {"after": FILLING}, {"a": 1, "b": FILLING, "c": 2.5, "d": None}]

ALL_CHARACTERS = "".join(map(chr, range(0x250))) + "\u2028\ufeff\U0001f600"


def written(value: object) -> str:
    body, content_type = marshal.dump(value)
    assert content_type == "application/json"
    return body.decode()


@pytest.mark.parametrize("character", [*map(chr, range(0x30)), "\\", "\x7f", "é", "\U0001f600"])
def test_a_long_text_is_escaped_as_json_does(character: str) -> None:
    text = f"{character}{FILLING}{character}{character}{FILLING}{character}"
    assert written(text) == json.dumps(text, ensure_ascii=False)


def test_a_long_text_of_all_characters_is_escaped_as_json_does() -> None:
    text = ALL_CHARACTERS * 20
    assert written({"body": text}) == json.dumps({"body": text}, ensure_ascii=False)


def test_short_texts_and_keys_beside_a_long_one_are_escaped_too() -> None:
    value = {'a "key"': "\x00", "body": FILLING, "list": ["\n", {"\\": '"'}]}
    assert written(value) == json.dumps(value, ensure_ascii=False)


@given(st.text(), st.text())
def test_any_long_text_is_escaped_as_json_does(before: str, after: str) -> None:
    text = before + FILLING + after
    for value in (text, [text], {"body": text}):
        assert written(value) == json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("after", NOTHING_LOST)
def test_values_around_a_long_text_stay_in_place(after: dict[object, object]) -> None:
    value: dict[object, object] = {1: "short", None: [FILLING], "body": FILLING, **after}
    assert written(value) == json.dumps(value, ensure_ascii=False)


def test_a_result_that_holds_itself_beside_a_long_text_is_refused() -> None:
    value: dict[str, object] = {"body": FILLING}
    value["self"] = value
    with pytest.raises(Fault, match="Circular reference detected"):
        marshal.dump(value)


@pytest.mark.parametrize("value", [FILLING + "\ud800", {"short": "\ud800", "body": FILLING}])
def test_a_lone_surrogate_is_refused_in_its_place(value: object) -> None:
    with pytest.raises(UnicodeEncodeError) as expected:
        json.dumps(value, ensure_ascii=False).encode()
    with pytest.raises(Fault) as raised:
        marshal.dump(value)
    assert str(raised.value) == f"Unable to marshal response: {expected.value}"
