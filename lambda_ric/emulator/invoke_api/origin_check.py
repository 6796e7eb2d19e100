"""Who may invoke: a web page that a developer happens to visit may not.

An emulator runs code with the developer's AWS credentials, and browsers let any page send requests
to this machine. Two checks stop that. A request with an `Origin` comes from a page: it must be a
page of this server, or of an allowed origin. And the `Host` must not be a name that somebody
outside can point at this machine (DNS rebinding): on a loopback address it must be a
name of this machine; in a container, which other machines and containers reach by names of their
own, it must not be a name in public DNS.
"""

from __future__ import annotations

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.http.exchange import Exchange
from lambda_ric.emulator.http.hosts import HostCheck, parse_host

ANY = "*"

_EXPOSED = "X-Amz-Function-Error, X-Amz-Log-Result, X-Amz-Executed-Version, x-amzn-RequestId"


class OriginCheck:
    """Checks requests to a server that listens on `host`.

    Pages of the `allowed` origins may invoke; `hosts` are further names by which callers reach
    the server.
    """

    def __init__(
        self, host: str, allowed: tuple[str, ...] = (), hosts: tuple[str, ...] = ()
    ) -> None:
        self._allowed = frozenset(allowed)
        self._hosts = HostCheck(host, hosts)

    def check(self, exchange: Exchange) -> None:
        """Let a request pass, with the fields that its page needs to read the response.

        Raises ApiError for a request that may come from a foreign page.
        """
        fields = exchange.fields
        host = fields.get(b"host", b"localhost")  # HTTP/1.0 need not name it
        if not self._hosts.knows(parse_host(host)):
            raise _forbidden(self._hosts.refusal(host))
        origin = fields.get(b"origin")
        if origin is not None:
            self._check_origin(exchange, origin.decode("latin-1"), host)

    def preflight(self, exchange: Exchange) -> None:
        """Answer a browser's preflight request."""
        wanted = exchange.field(b"access-control-request-headers")
        fields = (
            ("Access-Control-Allow-Methods", "POST"),
            ("Access-Control-Allow-Headers", wanted or "*"),
            ("Access-Control-Max-Age", "86400"),
        )
        exchange.respond(204, fields)

    def _check_origin(self, exchange: Exchange, origin: str, host: bytes) -> None:
        if ANY not in self._allowed and origin not in self._allowed:
            server = parse_host(host)
            own = server.is_loopback or server.is_address  # names can be pointed elsewhere
            if not own or origin != f"http://{host.decode('latin-1')}":
                raise _forbidden(f"the Origin {origin[:100]!r} is not allowed (--cors)")
        if self._allowed:
            exchange.more_fields += (
                ("Access-Control-Allow-Origin", origin),
                ("Access-Control-Expose-Headers", _EXPOSED),
                ("Vary", "Origin"),
            )


def _forbidden(reason: str) -> ApiError:
    return ApiError(403, "AccessDeniedException", f"Refused: {reason}", key="Message")
