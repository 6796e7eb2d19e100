"""The HTTP request behind an event: all HTTP front ends of Lambda make their events from it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl

from lambda_ric.events.identity import new_trace_header
from lambda_ric.events.moment import Moment

CLIENT = "203.0.113.7"
"""Address of the client: from a block that is reserved for documentation."""

AGENT = "Mozilla/5.0 (sample)"


class HttpRequest:
    """A request, taken apart.

    `path` and `query`, without the question mark, are as they were sent. `host` is the domain of
    the front end. `fields` are the header fields in their order, a repeated name as often as it
    was sent. `body` is text, in base64 if `is_base64`, and "" for a request without one.
    """

    def __init__(
        self,
        method: str,
        path: str,
        host: str,
        *,
        query: str = "",
        fields: Sequence[tuple[str, str]],
        body: str = "",
        is_base64: bool = False,
        client: str = CLIENT,
    ) -> None:
        self.method = method
        self.path = path
        self.host = host
        self.query = query
        self.fields = fields
        self.body = body
        self.is_base64 = is_base64
        self.client = client

    @cached_property
    def headers(self) -> dict[str, str]:
        """The header fields, those of one name joined by commas."""
        return {name: ",".join(values) for name, values in self.header_lists.items()}

    @property
    def last_headers(self) -> dict[str, str]:
        """The last header field of each name."""
        return dict(self.fields)

    @cached_property
    def header_lists(self) -> dict[str, list[str]]:
        """The header fields as lists of values."""
        return _lists(self.fields)

    @cached_property
    def agent(self) -> str | None:
        """What the client says that it is."""
        return next((value for name, value in self.fields if name.lower() == "user-agent"), None)

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """The query, decoded."""
        return parse_qsl(self.query, keep_blank_values=True)

    @property
    def raw_pairs(self) -> list[tuple[str, str]]:
        """The query, still encoded."""
        parts = (part.partition("=") for part in self.query.split("&") if part)
        return [(name, value) for name, _, value in parts]

    @property
    def last_values(self) -> dict[str, str]:
        """The query with the last value of each name, decoded."""
        return dict(self.pairs)

    @property
    def all_values(self) -> dict[str, list[str]]:
        """The query with all values of each name, decoded."""
        return _lists(self.pairs)

    @property
    def raw_values(self) -> dict[str, list[str]]:
        """The query with all values of each name, still encoded."""
        return _lists(self.raw_pairs)

    @property
    def joined_values(self) -> dict[str, str]:
        """The query with the values of each name joined by commas, decoded."""
        return {name: ",".join(values) for name, values in self.all_values.items()}


def sample_request(
    method: str,
    path: str,
    host: str,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    when: Moment,
) -> HttpRequest:
    """Return a made-up request.

    `body` is text, bytes (carried as base64), or any other value, which becomes JSON. `headers`
    are added to the ones that every front end sees, and override them. Header names are in lower
    case.
    """
    text = _text(body)
    fields = {
        "accept": "*/*",
        "host": host,
        "user-agent": AGENT,
        "x-amzn-trace-id": new_trace_header(when.seconds).partition(";")[0],
        "x-forwarded-for": CLIENT,
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    if text:
        fields["content-type"] = _content_type(body)
        fields["content-length"] = str(_length(body, text))
    for name, value in (headers or {}).items():
        fields[name.lower()] = value
    return HttpRequest(
        method.upper(),
        path,
        host,
        query=query,
        fields=list(fields.items()),
        body=text,
        is_base64=isinstance(body, bytes),
    )


def _lists(pairs: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return lists


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
