"""Results go to the C encoder as they are or are made plain first; the choice is quick and safe."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from lambda_ric.runtime import payloads as marshal
from lambda_ric.runtime.errors import MARSHAL_ERROR, Fault

LONG = "a" * 10_000


class Point(NamedTuple):
    x: int
    y: int


def body_of(result: Any) -> Any:
    body, content_type = marshal.dump(result)
    assert content_type == "application/json"
    return json.loads(body)


def fault_of(result: Any) -> str:
    with pytest.raises(Fault) as raised:
        marshal.dump(result)
    assert raised.value.error_type == MARSHAL_ERROR
    return str(raised.value)


@pytest.mark.parametrize("beside", ["short", LONG])
def test_a_named_tuple_is_an_object_however_deep_it_is(beside: str) -> None:
    result = {"text": beside, "list": [[{"point": Point(1, 2)}]]}
    assert body_of(result) == {"text": beside, "list": [[{"point": {"x": 1, "y": 2}}]]}


@pytest.mark.parametrize(
    "odd", [{1}, 1j, bytearray(b"a"), memoryview(b"a"), ..., compile("1", "", "eval")]
)
def test_values_that_marshal_can_store_and_json_cannot_are_refused(odd: object) -> None:
    text = (
        f"Unable to marshal response: Object of type {type(odd).__name__} is not JSON serializable"
    )
    assert fault_of([odd]) == text
    assert fault_of({"text": LONG, "odd": odd}) == text


def test_a_value_that_contains_itself_many_times_is_refused_at_once() -> None:
    many: list[Any] = []
    many += [many] * 100
    assert fault_of(many) == "Unable to marshal response: Circular reference detected"
    assert fault_of({"text": LONG, "many": many}) == fault_of(many)


def test_an_object_that_occurs_twice_is_written_twice() -> None:
    twice = {"a": [1]}
    assert body_of([twice, twice, {"again": twice}]) == [twice, twice, {"again": twice}]


def test_a_refused_result_leaves_nothing_behind() -> None:
    holder: dict[str, Any] = {"fine": [1, 2], "odd": b"\xff"}
    fault_of(holder)
    holder["odd"] = None
    assert body_of([holder, holder["fine"]]) == [{"fine": [1, 2], "odd": None}, [1, 2]]
