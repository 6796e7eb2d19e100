"""Header fields of a response, as applications give them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from lambda_ric.sdk.web.request import Fields


def decode_fields(fields: Iterable[tuple[bytes, bytes]]) -> Fields:
    """Return fields as text, names in lower case. Raises ValueError for a line break in one."""
    given = list(fields)
    try:
        decoded = [(name.decode("latin-1").lower(), value.decode()) for name, value in given]
    except UnicodeDecodeError:
        decoded = [(name.decode("latin-1").lower(), _decode(value)) for name, value in given]
    refuse_line_breaks(decoded)
    return decoded


def refuse_line_breaks(fields: Fields) -> None:
    """Raise ValueError for a field that would become two, or that has no name."""
    names = [name for name, _ in fields]
    values = "".join([value for _, value in fields])
    if "\n" in values or "\r" in values or "\0" in values or not "".join(names).isprintable():
        raise ValueError(f"a control character in the header fields {fields!r}")
    if "" in names:
        raise ValueError("a header field without a name")


def _decode(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
