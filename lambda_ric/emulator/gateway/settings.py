"""What a front door is told: where it listens, which one it plays, its routes and its CORS."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lambda_ric.emulator.gateway.routes import Route

DEFAULT_PORT = 3000

BUFFERED = "BUFFERED"
RESPONSE_STREAM = "RESPONSE_STREAM"


class FrontDoorKind(str, Enum):
    """Which front door of AWS is played."""

    FUNCTION_URL = "function-url"
    HTTP_API = "http-api"
    HTTP_API_1 = "http-api-1.0"
    REST_API = "rest-api"
    ALB = "alb"
    ALB_MULTI_VALUE = "alb-multi-value"

    @property
    def has_routes(self) -> bool:
        """Whether routes lead to its functions."""
        return self in (
            FrontDoorKind.HTTP_API,
            FrontDoorKind.HTTP_API_1,
            FrontDoorKind.REST_API,
        )

    @property
    def streams(self) -> bool:
        """Whether it can pass a response on as a stream."""
        return self in (FrontDoorKind.FUNCTION_URL, FrontDoorKind.REST_API)


class Cors(NamedTuple):
    """The CORS settings of a function URL or an HTTP API, which answers preflights with them.

    `*` stands for all origins, methods or headers. `max_age` is in seconds.
    """

    origins: Sequence[str] = ("*",)
    methods: Sequence[str] = ("*",)
    headers: Sequence[str] = ("*",)
    exposed: Sequence[str] = ()
    credentials: bool = False
    max_age: int | None = None


class HttpListening(NamedTuple):
    """Where a front door listens, and which one it is.

    Port 0 takes any free one; so does a port that is taken, if `or_any_port`. `hosts` are names
    by which clients reach it, besides those of this machine. Without `routes`, all requests lead
    to the first function.
    """

    kind: FrontDoorKind = FrontDoorKind.FUNCTION_URL
    host: str = "127.0.0.1"
    port: int = 0
    or_any_port: bool = False
    hosts: tuple[str, ...] = ()
    invoke_mode: str = BUFFERED
    routes: tuple[Route, ...] = ()
    stage: str = "prod"
    cors: Cors | None = None

    def check(self, functions: Sequence[str]) -> None:
        """Raise ValueError, with the reason, for settings that do not go together."""
        if self.invoke_mode not in (BUFFERED, RESPONSE_STREAM):
            raise ValueError(f"an invoke mode is {BUFFERED} or {RESPONSE_STREAM}")
        if self.invoke_mode == RESPONSE_STREAM and not self.kind.streams:
            raise ValueError(f"{self.kind.value} does not stream; function-url and rest-api do")
        if self.routes and not self.kind.has_routes:
            raise ValueError(f"{self.kind.value} has no routes; http-api and rest-api have")
        for route in self.routes:
            if route.function is not None and route.function not in functions:
                known = ", ".join(functions)
                raise ValueError(
                    f"the route {route.key!r} leads to {route.function!r}, which is not served; "
                    f"there is {known}"
                )
