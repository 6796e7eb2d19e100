"""Bodies as events and results carry them: as text, or in base64."""

from __future__ import annotations

from binascii import Error, a2b_base64, b2a_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def decode_body(event: dict[str, Any]) -> bytes:
    """Return the body of an event. Raises ValueError for malformed base64."""
    body = event.get("body")
    if not body:
        return b""
    if event.get("isBase64Encoded"):
        try:
            return a2b_base64(body)
        except Error as error:
            raise ValueError(f"the body of the event is not base64: {error}") from error
    return encode_text(body)


def encode_body(body: bytes) -> tuple[str, bool]:
    """Return a body as text, and whether that is base64.

    Valid UTF-8 goes as text: the front door sends the same bytes, whatever their type.
    """
    try:
        return body.decode(), False
    except UnicodeDecodeError:
        return b2a_base64(body, newline=False).decode(), True


def encode_text(text: str) -> bytes:
    """Return a text as UTF-8; JSON may bring half a surrogate pair, which must not fail here."""
    return text.encode("utf-8", "surrogatepass")
