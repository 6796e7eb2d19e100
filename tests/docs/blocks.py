"""The code blocks of a Markdown document, and what a test is to do with each.

A block with `title="NAME"` is a file of that name. In a block of language `console` the lines that
begin with "$ " are commands, and the others what they print; "..." stands for anything. A
comment before a block says more: <!-- serve --> is a command that goes on, <!-- until --> are
commands that are repeated until they print this, <!-- docker --> needs Docker, <!-- install --> is
for a new environment, and <!-- run --> and <!-- test --> are what CI runs of the README.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^( *)(`{3,})(\w*)(?: +(.*))?$")
_COMMENT = re.compile(r"<!-- (\w+) -->")


@dataclass(frozen=True)
class Block:
    """One code block: its language, its file name if it is a file, and the comment before it."""

    language: str
    title: str
    comment: str
    text: str
    line: int

    @property
    def commands(self) -> list[tuple[str, list[str]]]:
        """The commands of a console block, each with the lines it prints."""
        found: list[tuple[str, list[str]]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            elif found and found[-1][0].endswith(("\\", "|", "&&")) and not found[-1][1]:
                found[-1] = (f"{found[-1][0]}\n{line}", [])
            else:
                found[-1][1].append(line)
        return found


def blocks_of(path: Path) -> list[Block]:
    """Return the blocks of a document in order. Raises ValueError for one that has no end."""
    found: list[Block] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    comment, at = "", 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening is None:
            marked = _COMMENT.fullmatch(lines[at].strip())
            comment = marked[1] if marked else comment if not lines[at].strip() else ""
            at += 1
            continue
        indent, fence, language, rest = opening.groups()
        end = lines.index(indent + fence, at + 1)
        text = "\n".join(line.removeprefix(indent) for line in lines[at + 1 : end])
        title = re.search(r'title="([^"]+)"', rest or "")
        found.append(Block(language, title[1] if title else "", comment, text + "\n", at + 1))
        comment, at = "", end + 1
    return found


def matches(expected: list[str], printed: list[str]) -> bool:
    """Tell whether lines are as expected; "..." stands for any text, alone for any lines."""
    pattern = "\n".join(re.escape(" ".join(line.split())) for line in expected)
    pattern = re.sub(r"(?m)^\\\.\\\.\\\.$", r"[\\s\\S]*", pattern).replace(r"\.\.\.", ".*")
    return re.fullmatch(pattern, "\n".join(" ".join(it.split()) for it in printed)) is not None
