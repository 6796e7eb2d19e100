"""Which files an import reads besides those of modules: data, and libraries in machine code."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MAPPED = "/proc/self/maps"
_OF_THE_SYSTEM = ("/dev/", "/proc/", "/sys/")
_OF_MODULES = (".py", ".pyc")


class FilesRead:
    """Records what this process opens and maps, from now on."""

    def __init__(self) -> None:
        self._opened: list[str] = []
        self._mapped_before = _mapped_files()
        sys.addaudithook(self._record)

    def besides_modules(self) -> tuple[str, ...]:
        """Return the files that are still there, about in the order in which they were needed."""
        opened = tuple(self._opened)
        new = [path for path in _mapped_files() if path not in self._mapped_before]
        # An import loads libraries before it can read data. Each is mapped below the one before.
        paths = dict.fromkeys((*reversed(new), *opened))
        return tuple(path for path in paths if _is_kept(path))

    def _record(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open":
            return
        path, _, flags = arguments
        if isinstance(path, str | bytes) and not flags & (os.O_WRONLY | os.O_RDWR):
            self._opened.append(os.path.abspath(os.fsdecode(path)))


def _mapped_files() -> list[str]:
    """Return the files that are mapped into this process, where the system tells."""
    try:
        with open(_MAPPED, encoding="utf-8", errors="surrogateescape") as lines:
            return [line[line.index("/") :].rstrip("\n") for line in lines if "/" in line]
    except OSError:
        return []


def _is_kept(path: str) -> bool:
    if path.startswith(_OF_THE_SYSTEM) or path.endswith(_OF_MODULES):
        return False
    return os.path.isfile(path)
