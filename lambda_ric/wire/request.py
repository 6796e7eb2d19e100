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
    from typing import TypeAlias, TypeVar

    from lambda_ric.wire.head import Fields

    Values: TypeAlias = dict[bytes, bytes]
    Key = TypeVar("Key")
    Value = TypeVar("Value")

MAX_HOST = 300
"""Longest Host in bytes: a name in DNS has at most 253, a port at most 5."""

_METHODS = frozenset((b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH"))

# Peers repeat themselves. A runtime polls, a client invokes, with the same head each time. Results
# of one size are posted with the same fields, though each has a target of its own.
_LONGEST_KEPT, _MOST_KEPT = 1_024, 256
_heads: dict[bytes, tuple[Request, int]] = {}
_fields: dict[bytes, tuple[Fields, Values, int, bool]] = {}
_seen: dict[int, None] = {}  # the hashes of heads that came once


class Request:
    """The head of a request: method, target and fields as sent, field names in lower case.

    `values` has the last value of each field by its name. `minor` is the minor version of HTTP/1:
    1, or 0 for a peer that knows neither chunks nor interim responses. If a head `repeats`, all
    requests with it share one object; requests with the same fields share these. Nobody may change
    them.
    """

    __slots__ = ("fields", "keep_alive", "method", "minor", "repeats", "target", "values")

    def __init__(
        self,
        method: bytes,
        target: bytes,
        fields: Fields,
        values: Values,
        keep_alive: bool,
        minor: int = 1,
    ) -> None:
        self.method = method
        self.target = target
        self.fields = fields
        self.values = values
        self.keep_alive = keep_alive
        self.minor = minor
        self.repeats = False


def parse_request(block: bytes) -> tuple[Request, int]:
    """Parse the head of a request, given without its empty line.

    Returns it with the length of its body in bytes, or CHUNKED. Raises ProtocolError.
    """
    known = _heads.get(block)
    if known is not None:
        return known
    head = _parse(block)
    if len(block) <= _LONGEST_KEPT:
        _remember(block, head)
    return head


def _remember(block: bytes, head: tuple[Request, int]) -> None:
    """Keep a head that has come twice. One that never comes back costs no more than its hash."""
    mark = hash(block)
    if mark in _seen:
        keep(_heads, block, head)
        head[0].repeats = True
    else:
        keep(_seen, mark, None)


def keep(memory: dict[Key, Value], key: Key, value: Value) -> None:
    """Remember something, within a limit.

    What never comes back does not crowd out the rest for long.
    """
    if len(memory) >= _MOST_KEPT:
        memory.clear()
    memory[key] = value


def _parse(block: bytes) -> tuple[Request, int]:
    start, _, rest = block.partition(b"\r\n")
    words = start.split(b" ")
    known = _fields.get(rest)
    if known is not None and len(words) == 3:
        method, target, version = words
        visible = target and not target.translate(None, VISIBLE)
        if visible and method in _METHODS and version == b"HTTP/1.1":
            fields, values, length, keep_alive = known
            return Request(method, target, fields, values, keep_alive), length
    return _parse_all(block, rest)


def _parse_all(block: bytes, rest: bytes) -> tuple[Request, int]:
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
    request = Request(method, target, fields, dict(fields), keep_alive, minor)
    length = 0 if length is None else length
    if minor and len(rest) <= _LONGEST_KEPT:
        keep(_fields, rest, (fields, request.values, length, keep_alive))
    return request, length
