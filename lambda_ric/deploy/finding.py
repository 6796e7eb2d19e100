"""One thing to know about an image before it is deployed, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How much a finding weighs: an error stops the function, a warning may."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """A problem in plain words, with its remedy."""

    level: Level
    problem: str
    remedy: str


def error(problem: str, remedy: str) -> Finding:
    """A finding because of which Lambda refuses the image, or cannot run the function."""
    return Finding(Level.ERROR, problem, remedy)


def warning(problem: str, remedy: str) -> Finding:
    """A finding that AWS's documentation advises against, though it may well work."""
    return Finding(Level.WARNING, problem, remedy)
