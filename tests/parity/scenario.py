"""One process, its environment and its events: what both runtimes are put through."""

from __future__ import annotations

import runpy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FunctionType

from lambda_ric.testing import Event
from tests.support.paths import HANDLERS

PYTHON_3_12 = {"AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}
"""Makes awslambdaric write characters beyond ASCII as they are, and poll in a thread."""

JSON_LOGS = {"AWS_LAMBDA_LOG_FORMAT": "JSON"}

START = "start"
"""The case of what happens before the first poll for an event."""


@dataclass(frozen=True)
class Excuse:
    """A row of docs/parity.md, and in what a case differs because of it, and in nothing else.

    The aspects are those of `differences`: exit code, posts, headers, stdout, stderr, frames.
    """

    row: str
    aspects: frozenset[str]


def excuse(row: str, *aspects: str) -> Excuse:
    return Excuse(row, frozenset(aspects))


@dataclass(frozen=True)
class Scenario:
    """Every event is a case, and so is START.

    `differs` excuses cases. With `framed` the log goes to a telemetry pipe. `posts` are the
    statuses that the runtime's posts are answered. `since` is the first Python that has what the
    handler needs.
    """

    name: str
    handler: str
    events: Mapping[str, Event] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    differs: Mapping[str, Excuse] = field(default_factory=dict)
    framed: bool = False
    posts: Sequence[int] = ()
    since: tuple[int, int] = (3, 10)

    @property
    def cases(self) -> list[str]:
        return [START, *self.events]


def named(*names: str) -> dict[str, Event]:
    """Events that are names, for handlers that look up what to do."""
    return {name: Event(name) for name in names}


def functions_of(file: str, *but: str) -> dict[str, Event]:
    """Events that are the names of all functions of a handler file, but for some."""
    module = runpy.run_path(str(HANDLERS / file))
    return named(
        *[
            name
            for name, value in module.items()
            if isinstance(value, FunctionType) and name not in ("handler", *but)
        ]
    )
