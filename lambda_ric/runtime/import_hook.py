"""Answers when the function imports a module, such as `logging`, which is set up then.

Functions that do not import it do not pay for it.
"""

from __future__ import annotations

import sys

from lambda_ric.runtime import doors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

    Answer = Callable[["ModuleSpec | None"], "ModuleSpec | None"]


def on_import(name: str, call: Callable[[], None]) -> None:
    """Call a function once a module is imported: now, if it is."""

    def announce(spec: ModuleSpec | None) -> ModuleSpec | None:
        if spec is not None and spec.loader is not None:
            spec.loader = doors.announcing_loader(spec.loader, call)
        return spec

    if name in sys.modules:
        call()
    else:
        answer_import(name, announce)


def answer_import(name: str, answer: Answer) -> None:
    """Let `answer` make the spec of a module of the one that would be found, or None."""
    _answers[name] = answer
    if _this_module not in sys.meta_path:
        sys.meta_path.insert(0, _this_module)


def at_import(number: int, call: Callable[[], None]) -> None:
    """Call a function when the import with this number begins, counted from now."""
    global _left, _call
    _left, _call = number, call


def stop_counting() -> None:
    """Do not do what `at_import` was told."""
    global _left
    _left = 0


def forget_import(name: str) -> None:
    """Do nothing when a module is imported after all."""
    _answers.pop(name, None)


_answers: dict[str, Answer] = {}
_left = 0
_call: Callable[[], None]


def find_spec(
    name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
) -> ModuleSpec | None:
    """Return the spec of a module that is waited for, once, and None for all else."""
    if name not in _answers:
        if _left:
            _count()
        return None
    found = None
    for finder in sys.meta_path:
        if finder is not _this_module:
            found = finder.find_spec(name, path, target)
            if found is not None:
                break
    return _answers.pop(name)(found)


def _count() -> None:
    global _left
    _left -= 1
    if not _left:
        _call()


_this_module: Any = sys.modules[__name__]
"""Finds modules, since it has `find_spec`. A class would cost a start more than the function."""
