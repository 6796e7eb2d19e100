"""Reads what `python -X importtime` writes: how long each import of the handler takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_LINE = re.compile(r"import time: +\d+ \| +(\d+) \| ( *)(\S+)")


@dataclass
class Import:
    """An import, the seconds it took including its own imports, and those imports."""

    module: str
    seconds: float
    inner: list[Import] = field(default_factory=list)

    @property
    def self_seconds(self) -> float:
        """The seconds without those of its own imports."""
        return max(0.0, self.seconds - sum(entry.seconds for entry in self.inner))

    def to_json(self) -> dict[str, Any]:
        """Return the tree below this import, the slowest first."""
        return {
            "module": self.module,
            "seconds": round(self.seconds, 6),
            "self_seconds": round(self.self_seconds, 6),
            "imports": [entry.to_json() for entry in by_seconds(self.inner)],
        }


def read_imports(lines: list[str]) -> list[Import]:
    """Return the outermost imports: each line follows those of the imports inside it."""
    open_levels: dict[int, list[Import]] = {}
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            continue  # the handler's own output
        level = len(match[2]) // 2
        inner = open_levels.pop(level + 1, [])
        entry = Import(match[3], int(match[1]) / 1_000_000, inner)
        open_levels.setdefault(level, []).append(entry)
    return [entry for level in sorted(open_levels) for entry in open_levels[level]]


def by_seconds(imports: list[Import], least: float = 0.0) -> list[Import]:
    """Return the imports that took this long or longer, the slowest first."""
    found = [entry for entry in imports if entry.seconds >= least]
    return sorted(found, key=lambda entry: entry.seconds, reverse=True)


def tree(imports: list[Import], least: float, depth: int = 0) -> list[tuple[int, Import]]:
    """Return the imports that took this long or longer, each with its depth, the slowest first."""
    return [
        row
        for entry in by_seconds(imports, least)
        for row in [(depth, entry), *tree(entry.inner, least, depth + 1)]
    ]


def slowest(imports: list[Import], is_own: Callable[[str], bool], count: int) -> list[Import]:
    """Return the slowest imports of foreign modules that the user's own modules make."""
    found = _foreign(imports, is_own)
    return by_seconds(found)[:count]


def _foreign(imports: list[Import], is_own: Callable[[str], bool]) -> list[Import]:
    found = []
    for entry in imports:
        if is_own(entry.module):
            found += _foreign(entry.inner, is_own)
        else:
            found.append(entry)
    return found
