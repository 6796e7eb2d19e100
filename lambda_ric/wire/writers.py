"""Messages written as bytes: heads, chunks, trailers. A strict reader accepts all of them.

The runtime's own requests are prepared in `runtime_api` instead.
"""

from __future__ import annotations

from lambda_ric.wire.head import TEXT, VISIBLE, is_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_REASONS = {
    100: "Continue",
    200: "OK",
    202: "Accepted",
    204: "No Content",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    505: "HTTP Version Not Supported",
}

# Field names recur in every message: each is checked once.
_LONGEST_KEPT, _MOST_KEPT = 64, 256
_names: set[str] = set()


def encode_request(method: str, target: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """Return the head of a request.

    Raises ValueError for parts that a strict reader refuses: control characters, a method or field
    name that is not a token, a target with a blank or a character that must be encoded.
    """
    if not is_token(method.encode()):
        raise ValueError(f"not a method: {method!r}")
    if not target or target.encode().translate(None, VISIBLE):
        raise ValueError(f"not a request target: {target!r}")
    return _encode_lines(f"{method} {target} HTTP/1.1", fields)


def encode_response(status: int, fields: Iterable[tuple[str, str]]) -> bytes:
    """Return the head of a response.

    Raises ValueError for a control character and for a field name that is not a token.
    """
    return _encode_lines(f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", fields)


def encode_chunk(data: bytes) -> bytes:
    """Return a part of a chunked body; nothing for empty data, since it would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def encode_last_chunk(trailers: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the end of a chunked body.

    Raises ValueError for a control character and for a field name that is not a token.
    """
    return _encode_lines("0", trailers)


def _encode_lines(start: str, fields: Iterable[tuple[str, str]]) -> bytes:
    lines = [start]
    for name, value in fields:
        if name not in _names:
            _learn_name(name)
        lines.append(f"{name}: {value}")
    block = "\r\n".join(lines).encode()
    if len(block.translate(None, TEXT)) != 2 * len(lines) - 2:  # more than the line breaks
        raise ValueError(f"a control character in a field: {block[:200]!r}")
    return block + b"\r\n\r\n"


def _learn_name(name: str) -> None:
    """Check a field name, and remember it, within a limit."""
    if not is_token(name.encode()):
        raise ValueError(f"not a field name: {name!r}")
    if len(name) <= _LONGEST_KEPT and len(_names) < _MOST_KEPT:
        _names.add(name)
