"""A request as it arrived, and the header fields that a front door adds to it."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from os import urandom
from typing import NamedTuple

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke import new_request_id, new_trace_id

_TEXT = re.compile(
    r"text/.*|application/(?:[\w.-]+\+)?(?:json|xml)|application/javascript", re.IGNORECASE
)
_HOP_BY_HOP = frozenset(("connection", "keep-alive", "te", "trailer", "transfer-encoding"))
_ROOT = re.compile(r"Root=[\w-]+")


class Identifiers(NamedTuple):
    """What names a request: for Lambda, for X-Ray, and for API Gateway."""

    request_id: str
    trace_id: str
    extended_id: str

    @property
    def root(self) -> str:
        """The root of the trace, which is what a request carries."""
        return self.trace_id.partition(";")[0]


def new_identifiers(exchange: Exchange) -> Identifiers:
    """Return identifiers for a request; it may bring its own trace."""
    trace_id = new_trace_id()
    if b"x-amzn-trace-id" in exchange.fields:
        brought = _ROOT.search(exchange.field(b"x-amzn-trace-id"))
        if brought is not None:
            trace_id = f"{brought[0]};{trace_id.partition(';')[2]}"
    return Identifiers(new_request_id(), trace_id, urlsafe_b64encode(urandom(11)).decode())


class Received(NamedTuple):
    """A request without its body: names of fields in lower case, path and query as sent."""

    method: str
    path: str
    query: str
    fields: list[tuple[str, str]]
    client: str
    port: int


def read_request(exchange: Exchange, ids: Identifiers) -> Received:
    """Return a request with the fields that AWS adds. Raises ValueError for no path."""
    request = exchange.request
    path, _, query = request.target.decode("ascii").partition("?")
    if path.startswith("http://"):  # as it is sent to a proxy
        path = "/" + path[len("http://") :].partition("/")[2]
    if not path.startswith("/"):
        raise ValueError(f"the target {path[:100]!r} is not a path")
    client, port = exchange.peer, exchange.port
    fields = []
    forwarded = client
    for name, value in request.fields:
        text = _decoded(value)
        if name == b"x-forwarded-for":
            forwarded = f"{text}, {client}"
        elif name not in _ADDED:
            field = name.decode("ascii")
            if field not in _HOP_BY_HOP:
                fields.append((field, text))
    fields += [
        ("x-amzn-trace-id", ids.root),
        ("x-forwarded-for", forwarded),
        ("x-forwarded-port", str(port)),
        ("x-forwarded-proto", "http"),
    ]
    return Received(request.method.decode("ascii"), path, query, fields, client, port)


def encoded_body(body: bytes, content_type: str) -> tuple[str, bool]:
    """Return a body as it travels in JSON: text of a type of text, anything else in base64."""
    if not body:
        return "", False
    if _TEXT.fullmatch(content_type.partition(";")[0].strip()):
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return b64encode(body).decode(), True


def wants_websocket(exchange: Exchange) -> bool:
    """Return whether a request is the beginning of a WebSocket."""
    return exchange.field(b"upgrade").lower() == "websocket"


_ADDED = frozenset((b"x-amzn-trace-id", b"x-forwarded-port", b"x-forwarded-proto"))


def _decoded(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
