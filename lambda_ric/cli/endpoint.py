"""An endpoint that a command talks to: wrong URLs, refusals and silence become one clear line.

Needs `httpx`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from lambda_ric.caller.default_endpoint import DEFAULT_ENDPOINT, DEFAULT_PORT
from lambda_ric.caller.invoke_api import InvokeRefused
from lambda_ric.cli.parser import UsageError


@contextmanager
def reaching(endpoint: str) -> Iterator[None]:
    """Raise UsageError if the endpoint is not a URL, cannot be reached, or refuses a request."""
    _check(endpoint)
    try:
        yield
    except InvokeRefused as error:
        raise UsageError(str(error)) from None
    except httpx.HTTPError as error:
        raise UsageError(_unreachable(endpoint, error)) from None


def _check(endpoint: str) -> None:
    try:
        url = httpx.URL(endpoint)
        # As the resolver does it, whose UnicodeError httpx lets through.
        url.raw_host.decode("ascii").encode("idna")
    except (httpx.InvalidURL, ValueError) as error:
        raise UsageError(f"the endpoint {endpoint!r} is not a URL: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise UsageError(f"the endpoint {endpoint!r} does not look like {DEFAULT_ENDPOINT}")


def _unreachable(endpoint: str, error: Exception) -> str:
    reason = str(error) or type(error).__name__
    if not isinstance(error, httpx.ConnectError):
        return f"{endpoint}: {reason}"
    url = httpx.URL(endpoint)
    text = f"nothing answers at {endpoint} ({reason})"
    if url.host in ("localhost", "127.0.0.1", "::1"):
        port = url.port or 80
        option = "" if port == DEFAULT_PORT else f" --port {port}"
        return f"{text}; start it with: lambda-ric app.handler{option}"
    if url.host.endswith(("amazonaws.com", "amazonaws.com.cn")):
        return f"{text}; this command signs no requests: use `aws lambda invoke` for AWS"
    return text
