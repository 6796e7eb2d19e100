"""Reads what `python -X importtime` writes: how long each import of the handler takes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

_LINE = re.compile(r"import time: +\d+ \| +(\d+) \| ( *)(\S+)")


@dataclass
class Import:
    """An import, the seconds it took including its own imports, and those imports."""

    module: str
    seconds: float
    inner: list[Import] = field(default_factory=list)


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


def slowest(imports: list[Import], is_own: Callable[[str], bool], count: int) -> list[Import]:
    """Return the slowest imports of foreign modules that the user's own modules make."""
    found = _foreign(imports, is_own)
    return sorted(found, key=lambda entry: entry.seconds, reverse=True)[:count]


def _foreign(imports: list[Import], is_own: Callable[[str], bool]) -> list[Import]:
    found = []
    for entry in imports:
        if is_own(entry.module):
            found += _foreign(entry.inner, is_own)
        else:
            found.append(entry)
    return found
