"""The HTTP request behind an event: what every front door reads and every application gets."""

from __future__ import annotations

from urllib.parse import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    Fields: TypeAlias = list[tuple[str, str]]
    Answer: TypeAlias = Callable[[int, Fields, bytes], dict[str, Any]]
    Address: TypeAlias = tuple[str, int]

ALREADY_QUOTED = "/%:@!$&'()*+,;=-._~?"
"""Characters that stay as they are in a path or a query that may be encoded already."""

_HTTP_VERSIONS = {"HTTP/1.0": "1.0", "HTTP/2.0": "2", "HTTP/2": "2"}
_DEFAULT_PORTS = {"http": 80, "https": 443}


class HttpRequest:
    """One request, as an application sees it, and how its response is written.

    `path` is decoded and begins with `root_path`, the stage or base path under which the
    application is mounted; `raw_path` is as the client sent it, as far as the event shows it.
    `fields` are header names in lower case and values, `query` is still encoded. `answer` turns
    status, header fields and body into the result for the front door. `can_stream` says whether the
    front door takes a streamed response.
    """

    __slots__ = (
        "answer",
        "body",
        "can_stream",
        "client",
        "fields",
        "http_version",
        "method",
        "path",
        "query",
        "raw_path",
        "root_path",
        "scheme",
        "server",
    )

    def __init__(
        self,
        method: str,
        path: str,
        *,
        answer: Answer,
        root_path: str = "",
        raw_path: str | None = None,
        query: str = "",
        fields: Fields,
        body: bytes = b"",
        client: str | None = None,
        host: str | None = None,
        protocol: str | None = None,
        can_stream: bool = False,
    ) -> None:
        named = dict(fields)
        self.method = method.upper()
        self.path = path or "/"
        self.root_path = root_path
        self.raw_path = quote(self.path) if raw_path is None else as_sent(raw_path)
        self.query = query
        self.fields = fields
        if body and "content-length" not in named:  # REST APIs leave it out
            fields.append(("content-length", str(len(body))))
        self.body = body
        self.client = (client, 0) if client else None
        self.scheme = named.get("x-forwarded-proto", "https").partition(",")[0]
        self.server = _server(named, host, self.scheme)
        self.http_version = _HTTP_VERSIONS.get(protocol or "", "1.1")
        self.answer = answer
        self.can_stream = can_stream


def as_sent(text: str) -> str:
    """Return a path or a part of a query, encoded for a URL; encoded characters stay."""
    if text.isascii() and text.isprintable() and " " not in text:
        return text
    return quote(text, ALREADY_QUOTED)


def root_of(path: str, base_path: str, stage: str | None = None) -> str:
    """Return the beginning of a path under which the application is mounted, or "".

    It is `base_path` if that is given ("/" means that there is no such beginning), otherwise the
    stage of the API.
    """
    root = base_path.rstrip("/") if base_path else f"/{stage}" if stage else ""
    return root if root and f"{path}/".startswith(f"{root}/") else ""


def lower(items: Iterable[tuple[str, str]]) -> Fields:
    """Return header fields with their names in lower case."""
    return [(name.lower(), value) for name, value in items]


def lower_lists(items: Iterable[tuple[str, list[str]]]) -> Fields:
    """Return header fields that come as lists one by one; cookies stay one field."""
    fields = []
    for spelled, values in items:
        name = spelled.lower()
        fields += [(name, "; ".join(values))] if name == "cookie" else [(name, v) for v in values]
    return fields


def _server(named: dict[str, str], host: str | None, scheme: str) -> Address | None:
    """Return the host that the client asked for and the port it spoke to."""
    name, colon, port = (named.get("host") or host or "").rpartition(":")
    if not colon or port.endswith("]"):  # an IPv6 address without a port
        name, port = name + colon + port, named.get("x-forwarded-port", "")
    if not name:
        return None
    return name.strip("[]"), int(port) if port.isdecimal() else _DEFAULT_PORTS.get(scheme, 443)
