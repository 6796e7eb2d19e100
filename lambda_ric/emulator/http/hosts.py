"""The Host of a request: parsed strictly, since it decides who may speak to this machine."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple

_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+))(?::\d{0,5})?")

_IN_CONTAINERS = frozenset(("host.docker.internal", "host.containers.internal"))
"""The names by which containers reach the machine they run on; nobody can own them in public."""

_PRIVATE_SUFFIXES = (".localhost", ".local", ".localdomain", ".internal", ".home.arpa", ".test")
"""Ends of names that public DNS does not resolve (RFC 6761, RFC 6762, RFC 8375, ICANN)."""


class Host(NamedTuple):
    """A Host without its port: a name in lower case or an address, "" when it is malformed.

    `is_this_machine` also holds for the names that containers on this machine use for it.
    `is_public` says that anybody on the internet can own the name, and so point it anywhere.
    """

    name: str
    is_loopback: bool = False
    is_address: bool = False
    is_this_machine: bool = False
    is_public: bool = False


MALFORMED = Host("")


@lru_cache(maxsize=64)  # the reader of requests bounds the size of each entry
def parse_host(field: bytes) -> Host:
    """Return what a Host field means. A dot at the end of a name means nothing."""
    match = _HOST.fullmatch(field.decode("latin-1"))
    if match is None:
        return MALFORMED
    name = str(match[1] or match[2]).lower().removesuffix(".")
    try:
        address = ip_address(name)
    except ValueError:
        if match[1]:
            return MALFORMED
        loopback = name == "localhost" or name.endswith(".localhost")
        own = loopback or name in _IN_CONTAINERS
        public = "." in name and not own and not name.endswith(_PRIVATE_SUFFIXES)
        return Host(name, loopback, False, own, public)
    return Host(name, address.is_loopback, True, address.is_loopback, False)


class HostCheck:
    """Knows by which Hosts a server is meant that listens on `host`.

    On a loopback address the Host must be a name of this machine, or anybody could point a name
    here from outside (DNS rebinding). In a container, which other machines and containers reach
    by names of their own, it must not be a name in public DNS. `allowed` are further names.
    """

    def __init__(self, host: str, allowed: tuple[str, ...] = ()) -> None:
        bracketed = f"[{host}]" if ":" in host else host
        self.is_loopback = parse_host(bracketed.encode()).is_loopback
        self._allowed = frozenset(name.lower() for name in allowed)

    def knows(self, host: Host) -> bool:
        """Return whether a Host can only be meant for this server."""
        if host.is_this_machine or host.name in self._allowed:
            return True
        return not self.is_loopback and host != MALFORMED and not host.is_public

    def refusal(self, field: bytes) -> str:
        """Return the reason for which a Host is refused, with what helps."""
        shown = field[:100].decode("latin-1")
        advice = "use localhost" if self.is_loopback else "name it with --allow-host"
        return f"the Host {shown!r} is not this machine; {advice}"
