"""Header fields of an answer, as applications give them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from lambda_ric.sdk.web.request import Fields


def decode_fields(fields: Iterable[tuple[bytes, bytes]]) -> Fields:
    """Return fields as text, names in lower case. Raises ValueError for a line break in one."""
    decoded = [(name.decode("latin-1").lower(), _decode(value)) for name, value in fields]
    refuse_line_breaks(decoded)
    return decoded


def refuse_line_breaks(fields: Fields) -> None:
    """Raise ValueError for a field that would become two."""
    for name, value in fields:
        if "\n" in value or "\r" in value or "\0" in value or not name or not name.isprintable():
            raise ValueError(f"a control character in the header field {name!r}: {value!r}")


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
