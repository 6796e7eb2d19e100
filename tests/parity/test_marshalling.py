"""Any value and any text is marshalled, unmarshalled and refused as awslambdaric does it."""

from __future__ import annotations

import collections
import enum
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lambda_ric.runtime import payloads as marshal
from lambda_ric.runtime.errors import Fault

marshaller = pytest.importorskip("awslambdaric.lambda_runtime_marshaller")
FaultException = pytest.importorskip("awslambdaric.lambda_runtime_exception").FaultException

Point = collections.namedtuple("Point", "x y")


class Number(enum.IntEnum):
    ONE = 1


class Word(str, enum.Enum):
    HELLO = "hello"


class Plain(enum.Enum):
    A = 1


class AsDict:
    def __init__(self, fields: dict[str, Any]) -> None:
        self.fields = fields

    def _asdict(self) -> dict[str, Any]:
        return self.fields

    def __repr__(self) -> str:
        return f"AsDict({self.fields!r})"


class Text(str):
    __slots__ = ()


class Whole(int):
    pass


def their_dump(value: object) -> tuple[bytes, str] | tuple[str, str]:
    """Return what awslambdaric posts for a result, or the type and text of its error."""
    encoder = marshaller.Encoder()
    encoder.ensure_ascii = False
    their_marshaller = marshaller.LambdaMarshaller()
    their_marshaller.jsonEncoder = encoder
    try:
        data, kind = their_marshaller.marshal_response(value)
    except FaultException as fault:
        return fault.exception_type, fault.msg
    return data if isinstance(data, bytes) else data.encode(), kind


def our_dump(value: object) -> tuple[bytes, str] | tuple[str, str]:
    try:
        return marshal.dump(value)
    except Fault as fault:
        return fault.error_type, str(fault)


def their_load(payload: bytes) -> object:
    try:
        return marshaller.LambdaMarshaller().unmarshal_request(payload)
    except FaultException as fault:
        return fault.exception_type, fault.msg


def our_load(payload: bytes) -> object:
    try:
        return marshal.load(payload)
    except Fault as fault:
        return fault.error_type, str(fault)


# Values.

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
numbers = (
    st.integers()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.decimals()
    | st.sampled_from([Number.ONE, Whole(5), Decimal("1E+3"), Decimal("-0"), Decimal("sNaN")])
)
atoms = (
    st.none()
    | st.booleans()
    | numbers
    | texts
    | st.binary(max_size=4)
    | st.sampled_from([Word.HELLO, Text("t"), b"bytes"])
)
odd = st.sampled_from(
    [Plain.A, object, {1}, frozenset(), 1j, range(2), bytearray(b"x"), memoryview(b"x"), AsDict]
)
keys = (
    texts
    | st.none()
    | st.booleans()
    | numbers.filter(lambda number: not (isinstance(number, Decimal) and number.is_snan()))
    | st.binary(max_size=3)
    | st.sampled_from([Word.HELLO, Text("t"), Plain.A, (1, 2)])
)


def containers(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(inside, max_size=4)
        | st.lists(inside, max_size=3).map(tuple)
        | st.dictionaries(texts, inside, max_size=4)
        | st.dictionaries(keys, inside, max_size=3)
        | st.builds(Point, inside, inside)
        | st.dictionaries(texts, inside, max_size=2).map(AsDict)
        | st.dictionaries(texts, inside, max_size=2).map(collections.OrderedDict)
        | st.lists(inside, max_size=2).map(collections.deque)
    )


results = st.recursive(atoms | odd, containers, max_leaves=12)


@pytest.mark.slow
@settings(max_examples=300)
@given(results)
@example({Decimal("1.5"): 1})
@example({b"\xff": 1})
@example([float("nan"), {float("nan"): 1}])
@example({1: 1, "1": 2, None: 4, "null": 5, False: 6})
@example({Number.ONE: 1, Whole(2): 2, 1.5: 3})
def test_results_are_written_alike(value: object) -> None:
    assert our_dump(value) == their_dump(value)


@pytest.mark.parametrize("depth", [50, 99, 100, 101, 102, 150, 200, 300])
@pytest.mark.parametrize("inmost", [1, Point(1, 2), Decimal("1.0"), b"x", object])
def test_nested_results_are_written_alike(depth: int, inmost: object) -> None:
    value = inmost
    for level in range(depth):
        value = [value] if level % 2 else {"k": value}
    assert our_dump(value) == their_dump(value)


def test_a_value_that_contains_itself_is_refused_alike() -> None:
    for make in (list, dict):
        value: Any = make()
        inner = {"deeper": [value]}
        if isinstance(value, list):
            value.append(inner)
        else:
            value["inner"] = inner
        assert our_dump(value) == their_dump(value)
        assert our_dump(Point(1, value)) == their_dump(Point(1, value))


# Texts.

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(max_size=5), inside),
    max_leaves=12,
)
layouts = st.sampled_from([(None, None), (2, None), (None, (",", ":")), ("\t", (" ,", " :"))])


@st.composite
def json_texts(draw: st.DrawFn) -> str:
    indent, separators = draw(layouts)
    text = json.dumps(
        draw(json_values),
        ensure_ascii=draw(st.booleans()),
        indent=indent,
        separators=separators,
    )
    return (
        draw(st.sampled_from(["", " ", "\n\t", "\ufeff"]))
        + text
        + draw(st.sampled_from(["", " \r\n"]))
    )


PIECES = [
    *'{}[],:"\\/',
    *"0123456789+-.eE",
    *" \t\r\n\x00\x1f\x7fé\ufeff",
    "null",
    "true",
    "NaN",
    "Infinity",
    "-Infinity",
    "\\u12",
    "\\ud83d",
    "\\ude00",
    "\\x",
    "//",
    "'",
]


@st.composite
def mutated_texts(draw: st.DrawFn) -> str:
    text = draw(json_texts())
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(text)))
        removed = draw(st.integers(0, 3))
        piece = draw(st.sampled_from(["", *PIECES]))
        text = text[:at] + piece + text[at + removed :]
    return text


def same(ours: object, theirs: object) -> bool:
    """Compare with types and NaN: repr tells 1 from 1.0 and True, and nan from nothing."""
    return repr(ours) == repr(theirs)


@settings(max_examples=200)
@given(json_texts())
def test_json_is_read_alike(text: str) -> None:
    payload = text.encode("utf-8", "surrogatepass")
    assert same(our_load(payload), their_load(payload))


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(mutated_texts())
@example('{"a": "\\ud83d\\u12"}')
@example("[1,\n2,\n\n x]")
@example('{"a":1,"a"}')
@example('"\\')
@example("[1 ")
@example("")
def test_text_that_is_not_json_is_refused_alike(text: str) -> None:
    payload = text.encode("utf-8", "surrogatepass")
    assert same(our_load(payload), their_load(payload))


pieces = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)


@settings(max_examples=300)
@given(
    st.binary(max_size=12)
    | st.lists(st.sampled_from(PIECES), max_size=8).map("".join).map(str.encode)
)
def test_any_bytes_are_read_or_refused_alike(payload: bytes) -> None:
    assert same(our_load(payload), their_load(payload))
