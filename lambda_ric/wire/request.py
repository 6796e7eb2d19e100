"""The head of a request. Only servers read it: the emulator and the test kit."""

from __future__ import annotations

from lambda_ric.wire.head import (
    VISIBLE,
    ProtocolError,
    is_token,
    minor_version,
    parse_fields,
    read_framing,
    split_lines,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.wire.head import Fields


MAX_HOST = 300
"""Longest Host in bytes: a name in DNS has at most 253, a port at most 5."""

_METHODS = frozenset((b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH"))

# Peers repeat themselves: a runtime polls, a client invokes, with the same head each time.
_LONGEST_KEPT, _MOST_KEPT = 1_024, 256
_heads: dict[bytes, tuple[Request, int]] = {}


class Request:
    """The head of a request: method, target and fields as sent, field names in lower case.

    `values` has the last value of each field by its name. `minor` is the minor version of HTTP/1:
    1, or 0 for a peer that knows neither chunks nor interim responses. Requests with the same head
    share one object, which nobody may change.
    """

    __slots__ = ("fields", "keep_alive", "method", "minor", "target", "values")

    def __init__(
        self, method: bytes, target: bytes, fields: Fields, keep_alive: bool, minor: int = 1
    ) -> None:
        self.method = method
        self.target = target
        self.fields = fields
        self.values = dict(fields)
        self.keep_alive = keep_alive
        self.minor = minor


def parse_request(block: bytes) -> tuple[Request, int]:
    """Parse the head of a request, given without its empty line.

    Returns it with the length of its body in bytes, or CHUNKED. Raises ProtocolError.
    """
    known = _heads.get(block)
    if known is not None:
        return known
    head = _parse(block)
    if len(block) <= _LONGEST_KEPT:
        if len(_heads) >= _MOST_KEPT:
            _heads.clear()  # heads that never come back do not crowd out the others for long
        _heads[block] = head
    return head


def _parse(block: bytes) -> tuple[Request, int]:
    start, *lines = split_lines(block)
    parts = start.split(b" ")
    if len(parts) != 3:
        raise ProtocolError("a request line is not a method, a target and a version")
    method, target, version = parts
    if method not in _METHODS and not is_token(method):
        raise ProtocolError("a method is not a token")
    if not target or target.translate(None, VISIBLE):
        raise ProtocolError("a request target holds a character that must be encoded")
    minor = 1 if version == b"HTTP/1.1" else minor_version(version)
    fields, framing = parse_fields(lines)
    length, keep_alive = read_framing(framing, minor)
    host = None
    for name, value in fields:
        if name == b"host":
            if host is not None:
                raise ProtocolError("a request has several Host fields")
            host = value
    if host is None:
        if minor:
            raise ProtocolError("a request has no Host field")
    elif len(host) > MAX_HOST:
        raise ProtocolError("a Host is longer than any name can be")
    request = Request(method, target, fields, keep_alive, minor)
    return request, 0 if length is None else length
