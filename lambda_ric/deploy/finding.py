"""A finding about an image before it is deployed, and its remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """The severity of a finding: an error stops the function, a warning may stop it."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """A problem, with its remedy."""

    level: Level
    problem: str
    remedy: str


def error(problem: str, remedy: str) -> Finding:
    """A problem that makes Lambda refuse the image, or prevents the function from running."""
    return Finding(Level.ERROR, problem, remedy)


def warning(problem: str, remedy: str) -> Finding:
    """A problem that AWS's documentation advises against, although the image may work."""
    return Finding(Level.WARNING, problem, remedy)
