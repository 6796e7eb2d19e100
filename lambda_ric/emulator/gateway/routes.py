"""The routes of an API: which function a method and a path lead to.

Source: "Create routes for HTTP APIs" and "API Gateway resource paths" in the API Gateway
developer guide. `{name}` is one segment, `{name+}` at the end is all that are left, `ANY` stands
for every method, `$default` for every request that has no other route. A path of fixed text comes
before one with parameters, and these before one that is greedy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

ANY = "ANY"
DEFAULT = "$default"

_METHODS = (ANY, "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_SEGMENT = re.compile(r"\{(\w+)(\+?)\}")


class Route(NamedTuple):
    """A route. `function` is the name of a function, or None for the first one."""

    method: str
    path: str
    function: str | None = None

    @property
    def key(self) -> str:
        """The route as a route key writes it."""
        return DEFAULT if self.path == DEFAULT else f"{self.method} {self.path}"


class Match(NamedTuple):
    """The route of a request, and the parameters in its path as they were sent."""

    route: Route
    parameters: dict[str, str]


def parse_route(text: str) -> Route:
    """Read `METHOD /path`, `/path` or `$default`, with `=FUNCTION` behind if that is named.

    Raises ValueError, with the reason, for text that is not a route.
    """
    key, _, function = text.strip().partition("=")
    method, _, path = key.strip().rpartition(" ")
    method = method.strip().upper() or ANY
    if path == DEFAULT and method == ANY:
        return Route(ANY, DEFAULT, function.strip() or None)
    if method not in _METHODS:
        raise ValueError(f"{method!r} is not a method; there are {', '.join(_METHODS)}")
    if not path.startswith("/"):
        raise ValueError(f"{path!r} is not a path; it begins with a slash")
    segments = path.split("/")[1:]
    for index, segment in enumerate(segments):
        found = _SEGMENT.fullmatch(segment)
        if found is None and ("{" in segment or "}" in segment):
            raise ValueError(f"{segment!r} is not a parameter; it is a whole segment, as {{id}}")
        if found is not None and found[2] and index + 1 < len(segments):
            raise ValueError(f"{segment!r} takes all that follows, so it must come last")
    return Route(method, path, function.strip() or None)


class Routes:
    """Finds the route of a request."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._all = tuple(routes)
        self._default = next((route for route in routes if route.path == DEFAULT), None)

    @property
    def functions(self) -> set[str]:
        """The names of the functions that routes lead to."""
        return {route.function for route in self._all if route.function is not None}

    def find(self, method: str, path: str, *, resource_first: bool = False) -> Match | None:
        """Return the best route, or None.

        A REST API chooses the resource by its path first, and then has the method or not. An HTTP
        API considers only routes of the method.
        """
        found = []
        for route in self._all:
            if route.path != DEFAULT and (match := _match(route.path, path)) is not None:
                rank, parameters = match
                found.append((rank, route.method == ANY, route, parameters))
        if resource_first and found:
            best = min(rank for rank, *_ in found)
            found = [entry for entry in found if entry[0] == best]
        found = [entry for entry in found if entry[2].method in (ANY, method)]
        if found:
            _, _, route, parameters = min(found, key=lambda entry: entry[:2])
            return Match(route, parameters)
        return Match(self._default, {}) if self._default is not None else None


def _match(template: str, path: str) -> tuple[list[int], dict[str, str]] | None:
    """Return how specific each segment of a template is, and the parameters, if it fits."""
    segments = path.split("/")[1:]
    rank = []
    parameters = {}
    wanted = template.split("/")[1:]
    for index, segment in enumerate(wanted):
        if index >= len(segments):
            return None
        found = _SEGMENT.fullmatch(segment)
        if found is None:
            if segments[index] != segment:
                return None
            rank.append(0)
            continue
        greedy = bool(found[2])
        value = "/".join(segments[index:]) if greedy else segments[index]
        if not value:
            return None
        parameters[found[1]] = value
        rank.append(2 if greedy else 1)
        if greedy:
            return rank, parameters
    return (rank, parameters) if len(wanted) == len(segments) else None
