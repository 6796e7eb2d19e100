"""The head of an HTTP/1.1 message, parsed from bytes under strict rules.

The rules, after RFC 9110 and RFC 9112. A head has one meaning or it is refused: bare CR or LF,
NUL and other control characters, folded lines, blanks around a field name, both or several
Content-Length and Transfer-Encoding fields, an unknown transfer coding, a sign or underscore in a
length. Each of these has made two HTTP implementations disagree about where a message ends.

This module only reads responses, because every cold start loads it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    Meaning = TypeVar("Meaning")
    Fields = list[tuple[bytes, bytes]]

CHUNKED = -1
"""The body comes in chunks, each with its size."""

UNTIL_CLOSE = -2
"""The body ends with the connection."""

TOKEN = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
VISIBLE = bytes(range(0x21, 0x7F))
TEXT = b"\t" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))
_TEXT_AND_BREAKS = b"\r\n" + TEXT

_FRAMING = frozenset({b"connection", b"content-length", b"transfer-encoding"})

# Parts that recur in every message are examined once: status lines and field names.
_LONGEST_KEPT, _MOST_KEPT = 64, 256
_statuses: dict[bytes, tuple[int, int]] = {}
_names: dict[bytes, bytes] = {}


class ProtocolError(Exception):
    """The peer sent data that is not HTTP/1.1, or more data than allowed.

    `status` is the status that a server sends before it closes the connection.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Response:
    """The head of a response: status and fields, field names in lower case."""

    __slots__ = ("fields", "keep_alive", "status")

    def __init__(self, status: int, fields: Fields, keep_alive: bool) -> None:
        self.status = status
        self.fields = fields
        self.keep_alive = keep_alive


def response_at_once(data: bytes) -> tuple[Response, bytes] | None:
    """Return head and body if `data` is one response from its first to its last byte, else None.

    A Reader would find the same, in many more steps. None says nothing about `data`: it may be a
    part of a response, or a chunked one. Raises ProtocolError for a malformed head.
    """
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, length = parse_response(data[:end])
    body = data[end + 4 :]
    if len(body) != length or head.status < 200:
        return None
    return head, body


def parse_response(block: bytes) -> tuple[Response, int]:
    """Parse the head of a response to anything but HEAD and CONNECT, without its empty line.

    Returns it with the length of its body in bytes, or CHUNKED, or UNTIL_CLOSE. Raises
    ProtocolError.
    """
    lines = split_lines(block)
    start = lines.pop(0)
    status, minor = _statuses.get(start) or _read_status(start)
    fields, framing = parse_fields(lines)
    length, keep_alive = read_framing(framing, minor)
    if status < 200 or status in (204, 304):
        length = 0
    elif length is None:
        length, keep_alive = UNTIL_CLOSE, False
    return Response(status, fields, keep_alive), length


def _read_status(line: bytes) -> tuple[int, int]:
    """Return the status of a status line and the minor version of HTTP."""
    version, _, rest = line.partition(b" ")
    code = rest.partition(b" ")[0]
    minor = minor_version(version)
    if len(code) != 3 or not code.isdigit() or code < b"100":
        raise ProtocolError("a status line has no three-digit status")
    status = int(code)
    if status == 101:
        raise ProtocolError("the peer switched protocols unasked")
    _keep(_statuses, line, (status, minor))
    return status, minor


def split_lines(block: bytes) -> list[bytes]:
    """Split at line breaks. Raises ProtocolError for bare ones and for control characters."""
    lines = block.split(b"\r\n")
    if len(block.translate(None, TEXT)) != 2 * (len(lines) - 1):  # more than the line breaks
        if block.translate(None, _TEXT_AND_BREAKS):
            raise ProtocolError("a head holds a control character")
        raise ProtocolError("a line ends in a bare carriage return or line feed")
    return lines


def parse_fields(lines: list[bytes]) -> tuple[Fields, Fields]:
    """Return all fields, and separately those that say where message and connection end."""
    fields = []
    framing = []
    for line in lines:
        spelled, colon, value = line.partition(b":")
        if not colon:
            raise ProtocolError("a field line is not a name, a colon and a value")
        name = _names.get(spelled) or _read_name(spelled)
        field = (name, value.strip())  # of white space, only blanks and tabs can be there
        fields.append(field)
        if name in _FRAMING:
            framing.append(field)
    return fields, framing


def _read_name(spelled: bytes) -> bytes:
    """Return a field name in lower case."""
    if not is_token(spelled):
        raise ProtocolError("a field name is not a token")
    name = spelled.lower()
    _keep(_names, spelled, name)
    return name


def _keep(known: dict[bytes, Meaning], spelled: bytes, meaning: Meaning) -> None:
    """Remember the meaning of a spelling, within a limit, so that peers cannot fill the memory."""
    if len(spelled) <= _LONGEST_KEPT and len(known) < _MOST_KEPT:
        known[spelled] = meaning


def is_token(word: bytes) -> bool:
    """Return whether a word is a token in the sense of HTTP."""
    return bool(word) and not word.translate(None, TOKEN)


def minor_version(version: bytes) -> int:
    """Return the 1 of HTTP/1.1 and the 0 of HTTP/1.0. Raises ProtocolError for others."""
    if version == b"HTTP/1.1":
        return 1
    if version == b"HTTP/1.0":
        return 0
    if version[:5] == b"HTTP/":
        raise ProtocolError("the HTTP version is not 1.0 or 1.1", 505)
    raise ProtocolError("the first line is not HTTP")


def read_framing(framing: Fields, minor: int) -> tuple[int | None, bool]:
    """Return where the message ends, and whether the connection can be used after it.

    The end is a length in bytes, CHUNKED, or None if the fields do not say.
    """
    length = coding = None
    keep_alive = minor == 1
    for name, value in framing:
        if name == b"content-length":
            if length is not None or not 1 <= len(value) <= 15 or not value.isdigit():
                raise ProtocolError("Content-Length is not one number")
            length = int(value)
        elif name == b"transfer-encoding":
            if coding is not None or value.lower() != b"chunked":
                raise ProtocolError("the only transfer coding known is chunked", 501)
            coding = value
        elif b"close" in [option.strip() for option in value.lower().split(b",")]:
            keep_alive = False
    if coding is None:
        return length, keep_alive
    if length is not None:
        raise ProtocolError("both Content-Length and Transfer-Encoding are given")
    if not minor:
        raise ProtocolError("HTTP/1.0 knows no transfer codings")
    return CHUNKED, keep_alive
