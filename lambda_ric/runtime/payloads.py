"""Events and results: JSON in, JSON out.

Importing `json` would be the largest part of a cold start, since it imports `re` and `enum`. The C
code under it needs neither: it is called directly here, and `json` replaces it where it is missing.
Other modules handle the rest (a Decimal, a named tuple, the text of a syntax error), and load only
when needed.

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
    # exact built-in types, and checks them faster than any loop.
    from marshal import dumps as refuse_subclasses
except ImportError:  # not CPython
    write_text, make_encoder, make_scanner, refuse_subclasses = doors.portable_json()

PLAIN_TYPES = frozenset({dict, list, tuple, str, int, float, bool, type(None)})
"""Exact types that are JSON without conversion, provided that their contents are."""

_BEFORE_JSON = "\ufeff \t\n\r"  # a byte order mark, and blanks
_BLANK = _BEFORE_JSON[1:]
_LONG = 4_096  # characters; shorter texts gain nothing
_ESCAPES = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\t", b"\\t"))
_UNESCAPED = bytes(range(0x20, 0x100))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


class _Rules:
    """The settings of the scanner: strict JSON without NaN and Infinity, into plain objects."""

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
    """Write JSON as AWS's client does, except that characters beyond ASCII are not escaped.

    Raises TypeError and ValueError for values that JSON cannot hold.
    """
    global _write_plain
    try:
        refuse_subclasses(value)
        return "".join(_write_plain(value, 0))
    except (TypeError, ValueError, RecursionError):
        _write_plain = _make_writer(write_text)  # the old one holds unfinished values
        value, write = doors.simplify(value, _default)
        return "".join(_make_writer(write)(value, 0))


def _make_writer(write: Callable[[str], str]) -> Any:
    """Return the C encoder, which writes texts with the function it is given."""
    return make_encoder({}, _refuse_other, write, None, ": ", ", ", False, False, True)


def _refuse_other(value: Any) -> None:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def encode_result(value: Any) -> str | bytes:
    """Write JSON as `encode` does, but a long text in fewer copies, by itself or in an object.

    The body of a web page or a file is an example.
    """
    try:
        if type(value) is str and len(value) > _LONG:
            return b"".join(_quote(value))
        if type(value) is dict:
            for item in value.values():
                if type(item) is str and len(item) > _LONG:
                    return b"".join(_write_object(value))
    except UnicodeEncodeError:
        pass  # a lone surrogate: the caller handles it
    return encode(value)


def _write_object(value: dict[Any, Any]) -> list[bytes]:
    """Write an object in pieces; each long text is a piece of its own."""
    pieces = [b"{"]
    run: dict[Any, Any] = {}  # of members that are written together
    for key, item in value.items():
        if type(item) is str and len(item) > _LONG:
            run[key] = ""
            pieces += [encode(run)[1:-3].encode(), *_quote(item), b", "]
            run = {}
        else:
            run[key] = item
    if run:
        return [*pieces, encode(run)[1:].encode()]
    return [*pieces[:-1], b"}"]


def _quote(text: str) -> tuple[bytes, bytes, bytes]:
    """Write a long text by searching for characters to escape, without examining each one."""
    data = text.encode()
    for character, escape in _ESCAPES:
        if character in data:  # replace would be slow to find nothing
            data = data.replace(character, escape)
    if data.translate(None, _UNESCAPED):  # a control character that is rare
        data = write_text(text).encode()[1:-1]
    return b'"', data, b'"'


_scan = make_scanner(_Rules)
_write_plain = _make_writer(write_text)  # kept: making it costs a part of each small result

# What `use_json` sets.
_loads: Callable[[bytes], Any] = decode
_dumps: Callable[[Any], str | bytes] = encode_result
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
    built-in encoder: it is called with a value that JSON does not support and returns one that
    it does, as in `use_json(default=str)`. An omitted argument restores the built-in behaviour.

    Errors that these functions raise are reported as Runtime.MarshalError and
    Runtime.UnmarshalError.
    """
    global _loads, _dumps, _default
    _loads = decode if loads is None else loads
    _dumps = encode_result if dumps is None else dumps
    _default = default
