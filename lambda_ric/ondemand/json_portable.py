"""The parts of `json` that replace its C code on Pythons without it."""

from __future__ import annotations

from json import decoder, encoder, scanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def write_text(text: str) -> str:
    """Return a text as JSON, with characters beyond ASCII unescaped."""
    return encoder.py_encode_basestring(text)


def make_scanner(rules: Any) -> Any:
    """Return a scanner that follows the rules."""
    rules.parse_object = staticmethod(decoder.JSONObject)  # type: ignore[attr-defined]
    rules.parse_array = staticmethod(decoder.JSONArray)  # type: ignore[attr-defined]
    rules.parse_string = staticmethod(decoder.scanstring)  # type: ignore[attr-defined]
    return scanner.py_make_scanner(rules)  # type: ignore[attr-defined]


def refuse_subclasses(value: Any) -> None:
    """Refuse every value, so that each is made plain first."""
    raise ValueError("not known to be plain")


def make_encoder(
    markers: dict[int, Any],
    default: Any,
    write: Any,
    indent: None,
    key_separator: str,
    item_separator: str,
    sort_keys: bool,
    skip_keys: bool,
    allow_nan: bool,
) -> Any:
    """Return an encoder that takes the same arguments as the one in C."""

    def write_float(value: float) -> str:
        if value != value:
            return "NaN"
        if value in (float("inf"), float("-inf")):
            return "Infinity" if value > 0 else "-Infinity"
        return float.__repr__(value)

    return encoder._make_iterencode(  # type: ignore[attr-defined]
        markers,
        default,
        write,
        indent,
        write_float,
        key_separator,
        item_separator,
        sort_keys,
        skip_keys,
        False,
    )
