"""Requests to subscribe: their fields, the limits of these, and what is wrong with them.

Sources: "Lambda Telemetry API reference" and "Lambda Logs API" in the AWS Lambda developer guide.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lambda_ric.emulator.log.platform_events import EXTENSION, FUNCTION
from lambda_ric.emulator.runtime_api.telemetry.apis import Api, InvalidRequest

PLATFORM = "platform"
TYPES = (PLATFORM, FUNCTION, EXTENSION)

HOSTS = ("sandbox.localdomain", "sandbox")
"""The names by which Lambda reaches the subscribers, which run beside it."""

_RESERVED_PORT = 9001
_MAX_PORT = 65_535


class Buffering(NamedTuple):
    """When a batch is sent: when it has that many events or bytes, or after `timeout` seconds."""

    max_items: int = 10_000
    max_bytes: int = 262_144
    timeout: float = 1.0


class HttpAddress(NamedTuple):
    """Where batches are posted: the Host, the port, and the path with its query."""

    host: str
    port: int
    target: str


class TcpAddress(NamedTuple):
    """Where events are written as lines."""

    port: int


class Subscription(NamedTuple):
    """What an extension wants, and where."""

    api: Api
    schema: str
    types: tuple[str, ...]
    buffering: Buffering
    address: HttpAddress | TcpAddress


def read_request(api: Api, body: bytes) -> Subscription:
    """Return the subscription that a request asks for. Raises InvalidRequest."""
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"the request is not JSON: {error}") from None
    if not isinstance(request, dict):
        raise InvalidRequest("the request should be an object")
    problems = [*_problems(api, request)]
    if problems:
        raise InvalidRequest("; ".join(problems))
    return Subscription(
        api,
        request.get("schemaVersion", api.default_schema),
        tuple(request["types"]),
        _buffering(request.get("buffering") or {}),
        _address(request["destination"]),
    )


def _problems(api: Api, request: dict[str, Any]) -> Iterator[str]:
    yield from _problems_of_destination(request.get("destination"))
    yield from _problems_of_types(request.get("types"))
    buffering = request.get("buffering")
    if isinstance(buffering, dict):
        yield from _problems_of_buffering(buffering)
    elif buffering is not None:
        yield "buffering should be an object"
    schema = request.get("schemaVersion", api.default_schema)
    if not schema:
        yield "schemaVersion is not provided"
    elif schema not in api.schemas:
        yield f"schemaVersion should be one of {', '.join(api.schemas)}"


def _problems_of_types(types: object) -> Iterator[str]:
    if not isinstance(types, list) or not types:
        yield "types should not be empty"
    elif any(kind not in TYPES for kind in types):
        yield f"types should be of {', '.join(TYPES)}"
    elif len(set(types)) < len(types):
        yield "types should be unique"


_LIMITS = {
    "maxItems": (1_000, 10_000),
    "maxBytes": (262_144, 1_048_576),
    "timeoutMs": (25, 30_000),
}


def _problems_of_buffering(buffering: dict[str, Any]) -> Iterator[str]:
    for name, (least, most) in _LIMITS.items():
        if name in buffering and not _is_number(buffering[name], least, most):
            yield f"{name} should be between {least} and {most}"


def _problems_of_destination(destination: object) -> Iterator[str]:
    if not isinstance(destination, dict):
        yield "destination is not provided"
    elif destination.get("protocol") == "HTTP":
        yield from _problems_of_uri(destination.get("URI"))
    elif destination.get("protocol") == "TCP":
        yield from _problems_of_port(destination.get("port"))
    else:
        yield "protocol should be HTTP or TCP"


def _problems_of_uri(uri: object) -> Iterator[str]:
    if not isinstance(uri, str) or not uri:
        yield "URI is not provided"
        return
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError as error:
        yield f"URI is not valid: {error}"
        return
    if parts.scheme != "http":
        yield "Only 'http' scheme is supported."
    elif parts.hostname not in HOSTS:
        yield f"Only '{HOSTS[0]}' hostname is supported."
    elif port is None:
        yield "URI port is not provided"
    elif parts.username is not None or parts.fragment or not _is_target(parts.path + parts.query):
        yield "URI is not valid"
    else:
        yield from _problems_of_port(port)


def _is_target(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _problems_of_port(port: object) -> Iterator[str]:
    if port is None:
        yield "port is not provided"
    elif not _is_number(port, 1, _MAX_PORT):
        yield f"port should be between 1 and {_MAX_PORT}"
    elif port == _RESERVED_PORT:
        yield f"port {_RESERVED_PORT} is reserved"


def _is_number(value: object, least: int, most: int) -> bool:
    """Return whether a value is an integer, which True is not, within limits."""
    return type(value) is int and least <= value <= most


def _buffering(given: dict[str, int]) -> Buffering:
    usual = Buffering()
    return Buffering(
        given.get("maxItems", usual.max_items),
        given.get("maxBytes", usual.max_bytes),
        given["timeoutMs"] / 1_000 if "timeoutMs" in given else usual.timeout,
    )


def _address(destination: dict[str, Any]) -> HttpAddress | TcpAddress:
    if destination["protocol"] == "TCP":
        return TcpAddress(destination["port"])
    parts = urlsplit(destination["URI"])
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return HttpAddress(f"{parts.hostname}:{parts.port}", parts.port or 0, target)
