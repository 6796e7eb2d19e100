"""Events and results: JSON in, JSON out.

Importing `json` would be the largest part of a cold start, since it drags `re` and `enum` along.
The C code under it does without them: it is called directly here, and `json` steps in where it is
missing. What it cannot do (a Decimal, a named tuple, the text of a syntax error) is left to
parts that are loaded when that happens.

The values and texts are those of AWS's client, which uses simplejson.
"""

from __future__ import annotations

from lambda_ric.runtime import doors
from lambda_ric.runtime.errors import MARSHAL_ERROR, UNMARSHAL_ERROR, Fault
from lambda_ric.wire.runtime_api import BINARY_TYPE, JSON_TYPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from lambda_ric.wire.runtime_api import Invocation

    write_text: Callable[[str], str]
    make_encoder: Callable[..., Any]
    make_scanner: Callable[[Any], Callable[[str, int], tuple[Any, int]]]
    refuse_subclasses: Callable[[Any], object]

try:
    from _json import encode_basestring as write_text
    from _json import make_encoder, make_scanner

    # The encoder would take a named tuple for a tuple. Python's own `marshal` takes nothing but
    # exact built-in types, and finds that out in less time than any loop.
    from marshal import dumps as refuse_subclasses
except ImportError:  # not CPython
    write_text, make_encoder, make_scanner, refuse_subclasses = doors.portable_json()

PLAIN_TYPES = frozenset({dict, list, tuple, str, int, float, bool, type(None)})
"""Exact types that are JSON as they are, unless something else is inside."""

_BEFORE_JSON = "\ufeff \t\n\r"  # a byte order mark, and blanks
_BLANK = _BEFORE_JSON[1:]
_LONG = 4_096  # characters; below that nothing is gained
_ESCAPES = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
_UNESCAPED = bytes(range(0x20, 0x100))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class _Rules:
    """What the scanner asks for: strict JSON without NaN and Infinity, into plain objects."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    array_hook = None
    parse_float = float
    parse_int = int
    parse_constant = _refuse_constant
    memo: dict[str, str] = {}  # noqa: RUF012 - the portable scanner's; empty between its calls


def load_event(invocation: Invocation) -> Any:
    """Return the event of an invocation: parsed JSON, or the bytes of any other content type.

    Raises a Fault.
    """
    if invocation.content_type != JSON_TYPE:
        return invocation.payload
    return load(invocation.payload)


def load(payload: bytes) -> Any:
    """Parse JSON. Raises a Fault."""
    try:
        return _loads(payload)
    except Exception as error:
        raise Fault(UNMARSHAL_ERROR, f"Unable to unmarshal input: {error}") from error


def dump(result: Any) -> tuple[bytes, str]:
    """Return the body for a result and its content type; bytes are sent as they are.

    Raises a Fault.
    """
    if isinstance(result, bytes):
        return result, BINARY_TYPE
    try:
        text = _dumps(result)
        return (text if isinstance(text, bytes) else text.encode()), JSON_TYPE
    except Exception as error:
        raise Fault(MARSHAL_ERROR, f"Unable to marshal response: {error}") from error


def decode(payload: bytes) -> Any:
    """Parse JSON as AWS's client does. Raises ValueError with its texts."""
    text = payload.decode()
    start = 0
    if text[:1] in _BEFORE_JSON:
        start = len(text) - len(text.removeprefix("\ufeff").lstrip(_BLANK))
    try:
        value, end = _scan(text, start)
        if end == len(text) or not text[end:].strip(_BLANK):
            return value
    except RecursionError as error:
        raise RecursionError(str(error).replace("a unicode string", "a string")) from None
    except (StopIteration, SystemError, ValueError) as error:
        # SystemError: the C code finds no class for its error where `json` is not imported.
        if type(error) is ValueError and not error.args[0].endswith(" is not JSON"):
            raise  # a number with more digits than Python converts
    raise ValueError(doors.explain_json(text))


def encode(value: Any) -> str:
    """Write JSON as AWS's client does, but for characters beyond ASCII: they stand as they are.

    Raises TypeError and ValueError for what JSON cannot hold.
    """
    global _write_plain
    try:
        if _has_long_text(value):
            refuse_subclasses(_without_long_texts(value))
            return "".join(_make_writer(_write_long_text)(value, 0))
        refuse_subclasses(value)
        return "".join(_write_plain(value, 0))
    except (TypeError, ValueError, RecursionError):
        _write_plain = _make_writer(write_text)  # the old one holds what it was in the middle of
        value, write = doors.simplify(value, _default)
        return "".join(_make_writer(write)(value, 0))


def _make_writer(write: Callable[[str], str]) -> Any:
    """Return the C encoder, which writes texts with the function it is given."""
    return make_encoder({}, _refuse_other, write, None, ": ", ", ", False, False, True)


def _refuse_other(value: Any) -> None:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _has_long_text(value: Any) -> bool:
    """Tell whether a result is a long text or has one at its top, as the body of a web page is."""
    kind = type(value)
    if kind is dict:
        value = value.values()
    elif kind is str:
        return len(value) > _LONG
    elif kind is not list:
        return False
    for item in value:  # noqa: SIM110 - a generator would take longer than what it tests
        if type(item) is str and len(item) > _LONG:
            return True
    return False


def _without_long_texts(value: Any) -> Any:
    """Return what is left to be examined of a value that `_has_long_text`."""
    if type(value) is str:
        return ""
    if type(value) is dict:
        return {key: item for key, item in value.items() if type(item) is not str}
    return [item for item in value if type(item) is not str]


def _write_long_text(text: str) -> str:
    """Write a text by searching for what to escape: 5 MB without take 2 ms, and 19 ms in _json."""
    if len(text) <= _LONG:
        return write_text(text)
    escaped = text
    for character, escape in _ESCAPES:
        if character in escaped:  # replace would take its time to find nothing
            escaped = escaped.replace(character, escape)
    if escaped.encode("utf-8", "surrogatepass").translate(None, _UNESCAPED):
        return write_text(text)  # a control character that is rare
    return f'"{escaped}"'


_scan = make_scanner(_Rules)
_write_plain = _make_writer(write_text)  # kept, since making it takes a part of each small result

# What `use_json` sets.
_loads: Callable[[bytes], Any] = decode
_dumps: Callable[[Any], str | bytes] = encode
_default: Callable[[Any], Any] | None = None


def use_json(
    *,
    loads: Callable[[bytes], Any] | None = None,
    dumps: Callable[[Any], str | bytes] | None = None,
    default: Callable[[Any], Any] | None = None,
) -> None:
    """Choose how events and results are read from and written as JSON.

    `loads` receives the event as bytes, `dumps` the result and returns str or bytes: with
    `use_json(loads=orjson.loads, dumps=orjson.dumps)` orjson does both. `default` is for the
    built-in encoder: it is called with a value that JSON does not know and returns one that it
    does, as in `use_json(default=str)`. What is left out goes back to the built-in way.

    Errors that these functions raise are reported as Runtime.MarshalError and
    Runtime.UnmarshalError.
    """
    global _loads, _dumps, _default
    _loads = decode if loads is None else loads
    _dumps = encode if dumps is None else dumps
    _default = default
