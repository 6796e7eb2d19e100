"""The head of an HTTP/1.1 message: parsed from bytes under strict rules, and written.

The rules, after RFC 9110 and RFC 9112. A head has one meaning or it is refused: bare CR or LF,
NUL and other control characters, folded lines, blanks around a field name, both or several
Content-Length and Transfer-Encoding fields, an unknown transfer coding, a sign or underscore in a
length. Each of these has made two HTTP implementations disagree about where a message ends.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    Fields = list[tuple[bytes, bytes]]

CHUNKED = -1
"""The body comes in chunks, each with its size."""

UNTIL_CLOSE = -2
"""The body ends where the connection does."""

HEX_DIGITS = b"0123456789abcdefABCDEF"
_TOKEN = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_VISIBLE = bytes(range(0x21, 0x7F))
_TEXT = b"\t" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))
_TEXT_AND_BREAKS = b"\r\n" + _TEXT

_FRAMING = frozenset({b"connection", b"content-length", b"transfer-encoding"})

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


class ProtocolError(Exception):
    """The peer sent something that is not HTTP/1.1, or more of it than is allowed.

    `status` is what a server answers before it closes the connection.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class Request:
    """The head of a request: method, target and fields as sent, field names in lower case."""

    __slots__ = ("fields", "keep_alive", "method", "target")

    def __init__(self, method: bytes, target: bytes, fields: Fields, keep_alive: bool) -> None:
        self.method = method
        self.target = target
        self.fields = fields
        self.keep_alive = keep_alive


class Response:
    """The head of a response: status and fields, field names in lower case."""

    __slots__ = ("fields", "keep_alive", "status")

    def __init__(self, status: int, fields: Fields, keep_alive: bool) -> None:
        self.status = status
        self.fields = fields
        self.keep_alive = keep_alive


def parse_request(block: bytes) -> tuple[Request, int]:
    """Parse the head of a request, given without its empty line.

    Returns it with the length of its body in bytes, or CHUNKED. Raises ProtocolError.
    """
    lines = split_lines(block)
    parts = lines[0].split(b" ")
    if len(parts) != 3:
        raise ProtocolError("a request line is not a method, a target and a version")
    method, target, version = parts
    if not _is_token(method):
        raise ProtocolError("a method is not a token")
    if not target or target.translate(None, _VISIBLE):
        raise ProtocolError("a request target holds a character that must be encoded")
    minor = _minor_version(version)
    fields = _parse_fields(lines[1:])
    framing = _framing(fields)
    length = _body_length(framing, minor)
    hosts = sum([name == b"host" for name, _ in fields])
    if hosts > 1 or (minor and not hosts):
        raise ProtocolError("a request needs exactly one Host field")
    head = Request(method, target, fields, _keeps_alive(framing, minor))
    return head, 0 if length is None else length


def parse_response(block: bytes) -> tuple[Response, int]:
    """Parse the head of a response to anything but HEAD and CONNECT, without its empty line.

    Returns it with the length of its body in bytes, or CHUNKED, or UNTIL_CLOSE. Raises
    ProtocolError.
    """
    lines = split_lines(block)
    version, _, rest = lines[0].partition(b" ")
    code = rest.partition(b" ")[0]
    minor = _minor_version(version)
    if len(code) != 3 or not code.isdigit() or code < b"100":
        raise ProtocolError("a status line has no three-digit status")
    status = int(code)
    if status == 101:
        raise ProtocolError("the peer switched protocols unasked")
    fields = _parse_fields(lines[1:])
    framing = _framing(fields)
    length = _body_length(framing, minor)
    keep_alive = _keeps_alive(framing, minor)
    if status < 200 or status in (204, 304):
        length = 0
    elif length is None:
        length, keep_alive = UNTIL_CLOSE, False
    return Response(status, fields, keep_alive), length


def parse_trailers(block: bytes) -> Fields:
    """Parse a trailer section, given without its empty line. Raises ProtocolError."""
    fields = _parse_fields(split_lines(block))
    for name, _ in fields:
        if name in (b"content-length", b"transfer-encoding"):
            raise ProtocolError("a trailer field speaks of the end of the body, which is over")
    return fields


def split_lines(block: bytes) -> list[bytes]:
    """Split at line breaks. Raises ProtocolError for bare ones and for control characters."""
    lines = block.split(b"\r\n")
    if len(block.translate(None, _TEXT)) != 2 * (len(lines) - 1):  # more than the line breaks
        if block.translate(None, _TEXT_AND_BREAKS):
            raise ProtocolError("a head holds a control character")
        raise ProtocolError("a line ends in a bare carriage return or line feed")
    return lines


def _parse_fields(lines: list[bytes]) -> Fields:
    fields = []
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name:
            raise ProtocolError("a field line is not a name, a colon and a value")
        fields.append((name.lower(), value.strip(b" \t")))
    if b"".join([name for name, _ in fields]).translate(None, _TOKEN):
        raise ProtocolError("a field name is not a token")
    return fields


def _minor_version(version: bytes) -> int:
    if version == b"HTTP/1.1":
        return 1
    if version == b"HTTP/1.0":
        return 0
    if version[:5] == b"HTTP/":
        raise ProtocolError("the HTTP version is not 1.0 or 1.1", 505)
    raise ProtocolError("the first line is not HTTP")


def _framing(fields: Fields) -> Fields:
    """Return the few fields that say where the message and the connection end."""
    return [field for field in fields if field[0] in _FRAMING]


def _body_length(framing: Fields, minor: int) -> int | None:
    """Return the length that the fields give, CHUNKED, or None when they are silent."""
    length = coding = None
    for name, value in framing:
        if name == b"content-length":
            if length is not None or not 1 <= len(value) <= 15 or not value.isdigit():
                raise ProtocolError("Content-Length is not one number")
            length = int(value)
        elif name == b"transfer-encoding":
            if coding is not None or value.lower() != b"chunked":
                raise ProtocolError("the only transfer coding known is chunked", 501)
            coding = value
    if coding is None:
        return length
    if length is not None:
        raise ProtocolError("both Content-Length and Transfer-Encoding are given")
    if not minor:
        raise ProtocolError("HTTP/1.0 knows no transfer codings")
    return CHUNKED


def _keeps_alive(framing: Fields, minor: int) -> bool:
    for name, value in framing:
        if name == b"connection":
            for option in value.lower().split(b","):
                if option.strip(b" \t") == b"close":
                    return False
    return minor == 1


def encode_request(method: str, target: str, fields: Iterable[tuple[str, str]]) -> bytes:
    """Return the head of a request.

    Raises ValueError for what a strict reader refuses: control characters, a method or a field
    name that is not a token, a target with a blank or a character that must be encoded.
    """
    if not _is_token(method.encode()):
        raise ValueError(f"not a method: {method!r}")
    if not target or target.encode().translate(None, _VISIBLE):
        raise ValueError(f"not a request target: {target!r}")
    return _encode_lines(f"{method} {target} HTTP/1.1", fields)


def encode_response(status: int, fields: Iterable[tuple[str, str]]) -> bytes:
    """Return the head of a response.

    Raises ValueError for a control character and for a field name that is not a token.
    """
    return _encode_lines(f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}", fields)


def encode_chunk(data: bytes) -> bytes:
    """Return a part of a chunked body. Empty data gives nothing, since it would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def encode_last_chunk(trailers: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the end of a chunked body.

    Raises ValueError for a control character and for a field name that is not a token.
    """
    return _encode_lines("0", trailers)


def _encode_lines(start: str, fields: Iterable[tuple[str, str]]) -> bytes:
    lines = [start]
    names = []
    for name, value in fields:
        names.append(name)
        lines.append(f"{name}: {value}")
    block = "\r\n".join(lines).encode()
    if "" in names or "".join(names).encode().translate(None, _TOKEN):
        raise ValueError(f"not all are field names: {names}")
    if len(block.translate(None, _TEXT)) != 2 * len(names):  # more than the line breaks
        raise ValueError(f"a control character in a field: {block[:200]!r}")
    return block + b"\r\n\r\n"


def _is_token(word: bytes) -> bool:
    return bool(word) and not word.translate(None, _TOKEN)
