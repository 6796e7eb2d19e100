"""Turns results that are not plain JSON into the plain values that AWS's client sends.

A named tuple and any other object with `_asdict()` is an object, bytes are text, a Decimal is a
number with exactly its digits.
"""

from __future__ import annotations

import sys

from lambda_ric.runtime import payloads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Default = Callable[[Any], Any] | None

# Python 3.12 took the guard of C code apart from that of Python code, and its text away.
_GUARDED = "calling a Python object" if sys.version_info >= (3, 12) else "encoding a JSON object"
_TOO_DEEP = f"maximum recursion depth exceeded while {_GUARDED}"


class Verbatim(str):
    """A text that goes into the JSON unchanged, without quotes."""

    __slots__ = ()


class DecodedKey(str):
    """A key that was bytes; it does not replace an equal key that was text."""

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__


def write_text(text: str) -> str:
    """Return a text as JSON; the encoder calls this for each text."""
    if type(text) is Verbatim:
        return str.__str__(text)
    return payloads.write_text(text)


def simplify(value: Any, default: Default) -> Any:
    """Return a value with all its contents made plain.

    Raises TypeError for values that JSON cannot hold, ValueError for values that contain
    themselves, and RecursionError for values that are nested too deeply.
    """
    try:
        return _simplify(value, default, set())
    except RecursionError:
        raise RecursionError(_TOO_DEEP) from None


def _simplify(value: Any, default: Default, holders: set[int]) -> Any:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, bytes):
        return value.decode()
    if id(value) in holders:
        raise ValueError("Circular reference detected")
    holders.add(id(value))
    try:
        as_dict = getattr(value, "_asdict", None)
        if callable(as_dict) and not isinstance(value, type):
            fields = as_dict()
            if not isinstance(fields, dict):
                kind = type(fields).__name__
                raise TypeError(f"_asdict() must return a dict, not {kind}")
            return _simplify_dict(fields, default, holders)
        if isinstance(value, (list, tuple)):
            return [_simplify(item, default, holders) for item in value]
        if isinstance(value, dict):
            return _simplify_dict(value, default, holders)
        return _simplify_other(value, default, holders)
    finally:
        holders.discard(id(value))


def _simplify_dict(value: dict[Any, Any], default: Default, holders: set[int]) -> dict[Any, Any]:
    return {_simplify_key(key): _simplify(item, default, holders) for key, item in value.items()}


def _simplify_key(key: Any) -> Any:
    if key is None or isinstance(key, (str, int, float)):
        return key
    if isinstance(key, bytes):
        return DecodedKey(key.decode())
    kind = type(key).__name__
    raise TypeError(f"keys must be str, int, float, bool or None, not {kind}")


def _simplify_other(value: Any, default: Default, holders: set[int]) -> Any:
    decimal = sys.modules.get("decimal")  # without the import, there can be no Decimal
    if decimal is not None and isinstance(value, decimal.Decimal):
        return float("nan") if value.is_nan() else Verbatim(value)
    if default is not None:
        return _simplify(default(value), default, holders)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
