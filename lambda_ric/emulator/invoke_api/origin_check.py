"""Who may invoke: a web page that a developer happens to visit may not.

An emulator runs code with the developer's AWS credentials, and browsers let any page send requests
to this machine. Two checks stop that. A request with an `Origin` comes from a page: it must be a
page of this server, or of an origin that was allowed. And on a loopback address the `Host` must be
a name of this machine, since otherwise a page can give its own name the address 127.0.0.1 (DNS
rebinding).
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.invoke_api.errors import ApiError

ANY = "*"

_EXPOSED = "X-Amz-Function-Error, X-Amz-Log-Result, X-Amz-Executed-Version, x-amzn-RequestId"


class OriginCheck:
    """Checks requests to a server that listens on `host`; `allowed` origins may come from pages."""

    def __init__(self, host: str, allowed: tuple[str, ...] = ()) -> None:
        self._loopback = is_loopback(host)
        self._allowed = frozenset(allowed)

    def check(self, exchange: Exchange) -> None:
        """Raises ApiError for a request that may come from a foreign page."""
        host = exchange.field(b"host")
        if self._loopback and not _means_this_machine(_name_of(host)):
            raise _forbidden(f"the Host {host!r} is not this machine; use localhost")
        origin = exchange.fields.get(b"origin")
        if origin is not None and not self._allows(origin.decode("latin-1"), host):
            raise _forbidden(f"the Origin {origin.decode('latin-1')!r} is not allowed (--cors)")

    def fields(self, exchange: Exchange) -> tuple[tuple[str, str], ...]:
        """Return the header fields that let a page read the response, if a page asked."""
        origin = exchange.fields.get(b"origin")
        if origin is None or not self._allowed:
            return ()
        return (
            ("Access-Control-Allow-Origin", origin.decode("latin-1")),
            ("Access-Control-Expose-Headers", _EXPOSED),
            ("Vary", "Origin"),
        )

    def preflight(self, exchange: Exchange) -> None:
        """Answer a browser's preflight request."""
        wanted = exchange.field(b"access-control-request-headers")
        fields = (
            ("Access-Control-Allow-Methods", "POST"),
            ("Access-Control-Allow-Headers", wanted or "*"),
            ("Access-Control-Max-Age", "86400"),
        )
        exchange.respond(204, fields)

    def _allows(self, origin: str, host: str) -> bool:
        if ANY in self._allowed or origin in self._allowed:
            return True
        return origin == f"http://{host}" and _cannot_be_rebound(_name_of(host))


@lru_cache(maxsize=64)
def is_loopback(host: str) -> bool:
    """Return whether a host name or address can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _means_this_machine(host: str) -> bool:
    """Return whether a Host means this machine, for senders on it or in a container on it."""
    return is_loopback(host) or host in _NAMES_IN_CONTAINERS


def _cannot_be_rebound(host: str) -> bool:
    """Return whether only a page served from this Host can have it: names can lie."""
    try:
        ip_address(host)
    except ValueError:
        return is_loopback(host)
    return True


_NAMES_IN_CONTAINERS = ("host.docker.internal", "host.containers.internal")
"""How containers call the machine that they run on; nobody can own these names in public."""


@lru_cache(maxsize=64)
def _name_of(host: str) -> str:
    """Return a Host without its port, or "" if it is not valid."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _forbidden(reason: str) -> ApiError:
    return ApiError(403, "AccessDeniedException", f"Refused: {reason}", key="Message")
