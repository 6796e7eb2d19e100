"""The programs of the regular expressions that have been compiled: see `ondemand.precompiled`."""

from __future__ import annotations

import sys
import warnings
from importlib import import_module

from lambda_ric.ondemand.precompiled import COMPILER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.ondemand.precompiled import Programs


def programs() -> tuple[Programs, Programs]:
    """Return the programs of texts and of bytes that the cache of `re` knows."""
    of_text: Programs = {}
    of_bytes: Programs = {}
    for kind, pattern, flags in list(getattr(sys.modules.get("re"), "_cache", ())):
        if kind is str or kind is bytes:
            program = _program(pattern, flags)
            if program is not None:
                (of_text if kind is str else of_bytes)[pattern, int(flags)] = program
    return of_text, of_bytes


def _program(pattern: str | bytes, flags: int) -> tuple[Any, ...] | None:
    """Return what `re` gives its matcher; None for an expression that Python warns of."""
    compiler: Any = import_module(COMPILER)
    taken: list[Any] = []

    class Matcher:
        """Takes the program in place of the one in C, as the module `_sre`."""

        def __getattr__(self, name: str) -> object:
            return getattr(matcher, name)

        def compile(self, pattern: object, flags: int, code: list[int], *groups: object) -> None:
            taken.extend([int(flags), [int(word) for word in code], *groups])

    matcher, compiler._sre = compiler._sre, Matcher()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiler.compile(pattern, flags)
    except Warning:
        return None
    finally:
        compiler._sre = matcher
    return tuple(taken)
