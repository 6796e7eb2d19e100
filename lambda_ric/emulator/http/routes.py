"""Maps requests to handlers: a table of methods and path templates."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter

Handler = Callable[..., None]
"""Called with the exchange and the text of each parameter of the template, in their order."""


Handlers = dict[bytes, Handler]
"""The handlers of one path, by method."""


def allowed(handlers: Handlers) -> str:
    """Return the methods of a path, as an Allow field lists them."""
    return ", ".join(sorted(method.decode("ascii") for method in handlers))


class _Template:
    """One template, split at its slashes; a parameter is a whole segment."""

    def __init__(self, segments: list[str]) -> None:
        self.segments = segments
        self.free = [index for index, segment in enumerate(segments) if segment[:1] == "{"]
        # A path begins with a slash, so at least the first segment, which is empty, is fixed.
        self.pick = itemgetter(*[i for i, _ in enumerate(segments) if i not in self.free])
        self.fixed = self.pick(segments)
        self.handlers: Handlers = {}


class RouteTable:
    """Finds the route of a path. Routes that were added first are tried first."""

    def __init__(self) -> None:
        self._templates: dict[int, list[_Template]] = {}  # by the number of segments

    def add(self, method: str, template: str, handler: Handler) -> None:
        """Add a route. `{name}` in the template stands for one segment that is not empty."""
        segments = template.split("/")
        templates = self._templates.setdefault(len(segments), [])
        for known in templates:
            if known.segments == segments:
                break
        else:
            known = _Template(segments)
            templates.append(known)
        known.handlers[method.encode("ascii")] = handler

    def find(self, path: str) -> tuple[Handlers, list[str]] | None:
        """Return the handlers of a path, given without its query, and the parameters in it.

        Returns None when the path has no route. Parameters are decoded after the path is split,
        so an encoded slash is part of its segment.
        """
        segments = path.split("/")
        for template in self._templates.get(len(segments), ()):
            if template.pick(segments) == template.fixed:
                parameters = [segments[index] for index in template.free]
                if all(parameters):
                    if "%" in path:
                        from urllib.parse import unquote

                        parameters = list(map(unquote, parameters))
                    return template.handlers, parameters
        return None
