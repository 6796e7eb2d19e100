"""The folder with the function's code, as `COPY . ${LAMBDA_TASK_ROOT}` would copy it."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_LEFT_OUT = {"__pycache__", "node_modules"}
_FILES_AT_MOST = 100_000
_READABLE = stat.S_IROTH
_PASSABLE = stat.S_IROTH | stat.S_IXOTH


@dataclass
class TaskRoot:
    """What is in the folder: files and bytes, what Lambda's user could not read, and shadows.

    `shadowing` lists modules with the name of a standard library module.
    """

    path: str
    files: int = 0
    size: int = 0
    unreadable: list[str] = field(default_factory=list)
    shadowing: list[str] = field(default_factory=list)


def examine_task_root(path: Path) -> TaskRoot:
    """Examine all files below a folder, except hidden folders, caches and virtual environments."""
    root = TaskRoot(str(path))
    for entry in _walk(path):
        status = entry.stat(follow_symlinks=False)
        is_folder = stat.S_ISDIR(status.st_mode)
        if not is_folder:
            root.files += 1
            root.size += status.st_size
        wanted = _PASSABLE if is_folder else _READABLE
        if os.name == "posix" and not entry.is_symlink() and status.st_mode & wanted != wanted:
            root.unreadable.append(os.path.relpath(entry.path, path))
    root.unreadable.sort()
    root.shadowing = sorted(
        name.name
        for name in path.iterdir()
        if name.name.removesuffix(".py") in sys.stdlib_module_names
        and (name.suffix == ".py" or (name / "__init__.py").is_file())
    )
    return root


def size_of(place: str) -> int:
    """Return the bytes of a module: of its folder when the file is a package's `__init__`."""
    path = Path(place)
    if path.stem != "__init__":
        return path.stat().st_size
    files = (entry.stat(follow_symlinks=False) for entry in _walk(path.parent))
    return sum(status.st_size for status in files if stat.S_ISREG(status.st_mode))


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    waiting, seen = [str(folder)], 0
    while waiting and seen < _FILES_AT_MOST:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue  # it has been reported as unreadable, with the entry of its parent
        for entry in entries:
            seen += 1
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and _is_left_out(entry):
                continue
            if is_folder:
                waiting.append(entry.path)
            yield entry


def _is_left_out(entry: os.DirEntry[str]) -> bool:
    hidden = entry.name.startswith(".") or entry.name in _LEFT_OUT
    return hidden or os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))
