"""An ASGI application that shows the request it got, or gives one of many answers."""

from __future__ import annotations

import gzip
import json
from typing import Any
from urllib.parse import parse_qsl

UNSEEN = ("x-amzn-trace-id", "host", "content-length")
"""Header fields that are not the same in two events, or that not every front door has."""

PLAIN = [(b"content-type", b"text/plain; charset=utf-8")]
JSON = [(b"content-type", b"application/json")]
BINARY = [(b"content-type", b"application/octet-stream")]

ANSWERS: dict[str, tuple[int, list[tuple[bytes, bytes]], list[bytes]]] = {
    "text": (200, PLAIN, [b"hello"]),
    "unicode": (200, PLAIN, ["größe ☃ 😀".encode()]),
    "html": (200, [(b"content-type", b"text/html")], [b"<p>&amp;</p>"]),
    "json": (200, JSON, [b'{"a": 1}']),
    "problem": (400, [(b"content-type", b"application/problem+json")], [b'{"title": "no"}']),
    "xml": (200, [(b"content-type", b"application/xml")], [b"<a/>"]),
    "svg": (200, [(b"content-type", b"image/svg+xml")], [b"<svg/>"]),
    "css": (200, [(b"content-type", b"text/css")], [b"a{}"]),
    "javascript": (200, [(b"content-type", b"application/javascript")], [b"1"]),
    "form": (200, [(b"content-type", b"application/x-www-form-urlencoded")], [b"a=1&b=2"]),
    "png": (200, [(b"content-type", b"image/png")], [b"\x89PNG\r\n\x1a\n\0\0"]),
    "all-bytes": (200, BINARY, [bytes(range(256))]),
    "octets-that-are-text": (200, BINARY, [b"hello"]),
    "text-that-is-bytes": (200, PLAIN, [b"\xff\xfe"]),
    "latin-1": (200, [(b"content-type", b"text/plain; charset=latin-1")], ["ä".encode("latin-1")]),
    "utf-16": (200, [(b"content-type", b"text/plain; charset=utf-16")], ["ä".encode("utf-16")]),
    "bom": (200, PLAIN, [b"\xef\xbb\xbfhello"]),
    "nul": (200, BINARY, [b"a\0b\x01"]),
    "gzip": (200, [*PLAIN, (b"content-encoding", b"gzip")], [gzip.compress(b"hello", mtime=0)]),
    "pieces": (200, PLAIN, [b"a", b"", b"b", b"c"]),
    "split-character": (200, PLAIN, [b"\xc3", b"\xa4"]),
    "empty": (200, PLAIN, [b""]),
    "large": (200, PLAIN, [b"0123456789" * 10_000]),
    "no-content": (204, PLAIN, [b""]),
    "not-modified": (304, [*PLAIN, (b"etag", b'"1"')], [b""]),
    "redirect": (307, [*PLAIN, (b"location", b"/there?a=1")], [b""]),
    "created": (201, [*JSON, (b"location", b"/1")], [b"{}"]),
    "teapot": (418, PLAIN, [b"short and stout"]),
    "unavailable": (503, [*PLAIN, (b"retry-after", b"5")], [b"later"]),
    "one-cookie": (200, [*PLAIN, (b"set-cookie", b"a=1; Path=/; HttpOnly")], [b"x"]),
    "three-cookies": (
        200,
        [*PLAIN, *[(b"set-cookie", b"c%d=1; Expires=Wed, 21 Oct 2026" % n) for n in range(3)]],
        [b"x"],
    ),
    "repeated": (200, [*PLAIN, (b"x-tag", b"a"), (b"x-tag", b"b")], [b"x"]),
    "vary": (200, [*PLAIN, (b"vary", b"Accept"), (b"vary", b"Origin")], [b"x"]),
    "upper-case": (200, [(b"Content-Type", b"text/plain"), (b"X-Upper", b"YES")], [b"x"]),
    "header-unicode": (200, [*PLAIN, (b"x-name", "Zoë".encode())], [b"x"]),
    "length": (200, [*PLAIN, (b"content-length", b"5")], [b"hello"]),
    "cors": (200, [*JSON, (b"access-control-allow-origin", b"*")], [b"[]"]),
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the request as JSON, or with the answer that /answers/NAME names."""
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message["body"]
        if not message["more_body"]:
            break
    path = scope["path"].removeprefix(scope["root_path"])
    if path.startswith("/answers/"):
        status, headers, parts = ANSWERS[path.rpartition("/")[2]]
    else:
        status, headers, parts = 200, JSON, [json.dumps(_seen(scope, path, body)).encode()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for part in parts:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})


def _seen(scope: Any, path: str, body: bytes) -> dict[str, Any]:
    headers = {name.decode(): value.decode() for name, value in scope["headers"]}
    return {
        "type": scope["type"],
        "method": scope["method"],
        "path": path,
        "query": parse_qsl(scope["query_string"].decode(), keep_blank_values=True),
        "headers": {name: headers[name] for name in sorted(headers) if name not in UNSEEN},
        "body": body.hex(),
        "scheme": scope["scheme"],
        "client": scope["client"][0],
        "port": scope["server"][1],
        "event": sorted(scope["aws.event"]),
    }
