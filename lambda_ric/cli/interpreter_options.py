"""The options that this Python was started with, so that the function's process gets them too."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_WITH_VALUE = "WX"
_WITHOUT_VALUE = "bBdEIOPqRsSuv"
_ENDS = "mc"


def interpreter_options(words: Sequence[str] | None = None) -> tuple[str, ...]:
    """Return the options before `-m`, `-c` or the script, such as `-O` and `-W error`.

    What would make a process that nobody sees wait, as `-i`, is left out. `words` is a whole
    command line, by default the one of this process.
    """
    rest = list(sys.orig_argv if words is None else words)[1:]
    options: list[str] = []
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word.startswith("--"):
            options += [word, *rest[:1]]  # --check-hash-based-pycs MODE
            del rest[:1]
        elif _read_letters(word[1:], rest, options):
            break
    return tuple(options)


def _read_letters(letters: str, rest: list[str], options: list[str]) -> bool:
    """Read the letters of one word into `options`; True when the options end with it."""
    for index, letter in enumerate(letters):
        if letter in _ENDS:
            return True
        if letter in _WITH_VALUE:
            options += [f"-{letter}", letters[index + 1 :] or rest.pop(0)]
            return False
        if letter in _WITHOUT_VALUE:
            options.append(f"-{letter}")
    return False
