"""The HTTP request behind an event: all HTTP front ends of Lambda make their events from it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from lambda_ric.events.identity import new_trace_header
from lambda_ric.events.moment import Moment

CLIENT = "203.0.113.7"
"""Address of the client: from a block that is reserved for documentation."""

AGENT = "Mozilla/5.0 (sample)"


class HttpRequest:
    """A request, taken apart once.

    `body` is text, bytes (carried as base64), or any other value, which becomes JSON. `query` is
    the raw query string without the question mark; `headers` are added to the ones that every
    front end sees, and override them. Header names are in lower case.
    """

    def __init__(
        self,
        method: str,
        path: str,
        host: str,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        when: Moment,
    ) -> None:
        self.method = method.upper()
        self.path = path
        self.host = host
        self.query = query
        self.pairs = parse_qsl(query, keep_blank_values=True)
        self.is_base64 = isinstance(body, bytes)
        self.body = _text(body)
        self.headers = {
            "accept": "*/*",
            "host": host,
            "user-agent": AGENT,
            "x-amzn-trace-id": new_trace_header(when.seconds).partition(";")[0],
            "x-forwarded-for": CLIENT,
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        }
        if self.body:
            self.headers["content-type"] = _content_type(body)
            self.headers["content-length"] = str(_length(body, self.body))
        for name, value in (headers or {}).items():
            self.headers[name.lower()] = value
        self.agent = self.headers["user-agent"]

    @property
    def last_values(self) -> dict[str, str]:
        """The query with the last value of each name, decoded."""
        return dict(self.pairs)

    @property
    def all_values(self) -> dict[str, list[str]]:
        """The query with all values of each name, decoded."""
        values: dict[str, list[str]] = {}
        for name, value in self.pairs:
            values.setdefault(name, []).append(value)
        return values

    @property
    def joined_values(self) -> dict[str, str]:
        """The query with the values of each name joined by commas, decoded."""
        return {name: ",".join(values) for name, values in self.all_values.items()}

    @property
    def header_lists(self) -> dict[str, list[str]]:
        """The headers as lists of values."""
        return {name: [value] for name, value in self.headers.items()}


def _text(body: Any) -> str:
    if body is None:
        return ""
    if isinstance(body, str):
        return body
    if isinstance(body, bytes):
        return b64encode(body).decode()
    return json.dumps(body)


def _content_type(body: Any) -> str:
    if isinstance(body, bytes):
        return "application/octet-stream"
    if isinstance(body, str) and not body.lstrip().startswith(("{", "[")):
        return "text/plain; charset=utf-8"
    return "application/json"


def _length(body: Any, text: str) -> int:
    return len(body) if isinstance(body, bytes) else len(text.encode())
