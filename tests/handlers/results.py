"""Results of every kind: the event names one."""

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import types
import typing
import uuid

Decimal = decimal.Decimal
Point = collections.namedtuple("Point", "x y")


class Typed(typing.NamedTuple):
    name: str
    value: Decimal


class Number(enum.IntEnum):
    ONE = 1


class Flags(enum.IntFlag):
    A = 1
    B = 2


class Word(str, enum.Enum):
    HELLO = "hello"


class Plain(enum.Enum):
    A = "a"


class Real(float, enum.Enum):
    HALF = 0.5


class AsDict:
    def _asdict(self):
        return {"as": "dict", "nested": Point(1, 2)}


class AsDictOfOther:
    def _asdict(self):
        return [1, 2]


class AsDictProperty:
    _asdict = {"not": "callable"}


class AsDictRaises:
    def _asdict(self):
        raise ValueError("no dict today")


class ForJson:
    def for_json(self):
        return {"for": "json"}


class Text(str):
    def __str__(self):
        return "other"


class Whole(int):
    def __repr__(self):
        return "<whole>"

    __str__ = __repr__


class Float(float):
    def __repr__(self):
        return "<float>"


class Mapping(dict):
    pass


class Sequence(list):
    pass


class Pair(tuple):
    pass


class Raw(bytes):
    pass


class Amount(Decimal):
    def __str__(self):
        return "amount"


class KeyText(str):
    pass


@dataclasses.dataclass
class Data:
    a: int = 1


class Object:
    pass


def _circular_list():
    value = [1]
    value.append(value)
    return value


def _circular_dict():
    value = {}
    value["self"] = {"again": [value]}
    return value


def _deep(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def _shared():
    inner = [1]
    return [inner, inner]


def _generator():
    yield 1


RESULTS = {
    "none": lambda: None,
    "true": lambda: True,
    "false": lambda: False,
    "zero": lambda: 0,
    "negative": lambda: -5,
    "big integer": lambda: 10**40,
    "float": lambda: 1.5,
    "whole float": lambda: 100.0,
    "tiny float": lambda: 5e-324,
    "large float": lambda: 1.7976931348623157e308,
    "float exponent": lambda: 1e16,
    "negative zero": lambda: -0.0,
    "nan": lambda: float("nan"),
    "infinity": lambda: [float("inf"), float("-inf")],
    "empty text": lambda: "",
    "text": lambda: "plain",
    "escapes": lambda: '"\\/\b\f\n\r\t\x00\x1f\x7f',
    "non-ascii": lambda: {"ключ": "значение 中文 é \u2028\u2029"},
    "astral": lambda: "😀",
    "surrogate": lambda: "a\ud800b",
    "surrogate key": lambda: {"\udfff": 1},
    "surrogate pair": lambda: "\ud83d\ude00",
    "empty list": lambda: [],
    "empty object": lambda: {},
    "nested": lambda: {"a": [1, {"b": [None, True, "x"]}], "c": {}},
    "tuple": lambda: (1, (2, 3), ()),
    "namedtuple": lambda: Point(1, [Point(2, 3)]),
    "typed namedtuple": lambda: Typed("n", Decimal("1.10")),
    "asdict": AsDict,
    "asdict of other": AsDictOfOther,
    "asdict property": AsDictProperty,
    "asdict raises": AsDictRaises,
    "asdict class": lambda: AsDict,
    "for_json": ForJson,
    "set": lambda: {1},
    "frozenset": lambda: frozenset([1]),
    "object": lambda: Object,
    "function": lambda: abs,
    "module": lambda: decimal,
    "complex": lambda: 1j,
    "range": lambda: range(3),
    "iterator": lambda: iter([1]),
    "map": lambda: map(str, [1]),
    "dict views": lambda: {"a": 1}.keys(),
    "nested generator": lambda: [_generator()],
    "datetime": lambda: datetime.datetime(2026, 1, 2),
    "date": lambda: {"d": datetime.date(2026, 1, 2)},
    "uuid": lambda: uuid.UUID(int=1),
    "fraction": lambda: fractions.Fraction(1, 3),
    "dataclass": Data,
    "enum": lambda: Plain.A,
    "int enum": lambda: Number.ONE,
    "int flag": lambda: Flags.A | Flags.B,
    "str enum": lambda: [Word.HELLO, {"k": Word.HELLO}],
    "float enum": lambda: Real.HALF,
    "enum keys": lambda: {Number.ONE: 1, Word.HELLO: 2},
    "plain enum key": lambda: {Plain.A: 1},
    "mapping proxy": lambda: types.MappingProxyType({"a": 1}),
    "user dict": lambda: collections.UserDict(a=1),
    "ordered dict": lambda: collections.OrderedDict(b=1, a=2),
    "default dict": lambda: collections.defaultdict(int, a=1),
    "counter": lambda: collections.Counter("aab"),
    "deque": lambda: collections.deque([1]),
    "chain map": lambda: collections.ChainMap({"a": 1}),
    "array": lambda: array.array("i", [1]),
    "str subclass": lambda: Text("real"),
    "int subclass": lambda: Whole(7),
    "float subclass": lambda: Float(2.5),
    "dict subclass": lambda: Mapping(a=1),
    "list subclass": lambda: Sequence([1]),
    "tuple subclass": lambda: Pair([1]),
    "bytes": lambda: b"\x00\xff raw",
    "empty bytes": lambda: b"",
    "bytes subclass": lambda: Raw(b"subclass"),
    "nested bytes": lambda: {"b": [b"text", "ü".encode()]},
    "nested bytes subclass": lambda: [Raw(b"text")],
    "nested bytes not utf-8": lambda: [b"\xff"],
    "bytearray": lambda: bytearray(b"x"),
    "memoryview": lambda: memoryview(b"x"),
    "decimal": lambda: Decimal("1.10"),
    "decimal exponent": lambda: [Decimal("1E+3"), Decimal("1E-10"), Decimal("-0")],
    "decimal long": lambda: Decimal("3.14159265358979323846264338327950288419716939937510"),
    "decimal nan": lambda: [Decimal("NaN"), Decimal("-NaN"), Decimal("sNaN")],
    "decimal infinity": lambda: [Decimal("Infinity"), Decimal("-Infinity")],
    "decimal subclass": lambda: Amount("1.5"),
    "decimal key": lambda: {Decimal("1.5"): 1},
    "key none": lambda: {None: 1},
    "key bools": lambda: {True: 1, False: 2},
    "key int": lambda: {1: 1, -2: 2, 10**30: 3},
    "key float": lambda: {1.5: 1, float("inf"): 2, 1e20: 3},
    "key nan": lambda: {float("nan"): 1},
    "key bytes": lambda: {b"k": 1},
    "key bytes not utf-8": lambda: {b"\xff": 1},
    "key tuple": lambda: {(1, 2): 1},
    "key frozenset": lambda: {frozenset(): 1},
    "key object": lambda: {Object: 1},
    "key subclasses": lambda: {KeyText("t"): 1, Whole(3): 2, Float(1.5): 3},
    "keys that collide": lambda: {1: "int", "1": "str", None: 0, "null": 1},
    "circular list": _circular_list,
    "circular object": _circular_dict,
    "shared": _shared,
    "deep": lambda: _deep(200),
    "too deep": lambda: _deep(100_000),
    "exception": lambda: ValueError("as a result"),
    "large": lambda: ["x" * 1000] * 1000,
    "huge integer": lambda: 10**5000,
}


def handler(event, context):
    return RESULTS[event]()
