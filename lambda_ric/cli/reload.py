"""`--reload`: watches the files of a function, and reports which of them changed.

`watchfiles` gets changes from the kernel. If it is not installed, and on file systems that another
machine changes, files are compared three times a second.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from fnmatch import fnmatch
from importlib.util import find_spec
from pathlib import Path

from lambda_ric.cli.parser import UsageError

POLL_SECONDS = 0.3

_IGNORED_FOLDER = re.compile(
    r"\.(git|hg|svn|idea|vscode|venv|tox|nox|\w+_cache|hypothesis|aws-sam)|__pycache__|node_modules"
)
_IGNORED_FILE = re.compile(r".*(\.py[cod]|\.sw.|~|\.log|\.tmp)|\.#.*|\.DS_Store|4913|flycheck_.*")

_SILENT = re.compile("9p|cifs|fuse|nfs|osxfs|prl_fs|smb|vboxsf|virtiofs|vmhgfs")
"""File systems whose changes the kernel does not report, such as Docker Desktop's bind mounts."""


async def changes(
    directories: Sequence[str], exclude: Sequence[str], own: Callable[[str], bool]
) -> AsyncIterator[str]:
    """Yield a description of what changed, each time that something in these directories did.

    Ignores version control, caches, logs, editors' temporary files and `node_modules`, files that
    match a pattern of `exclude`, and the function's `own` files. Raises UsageError if the
    files cannot be watched.
    """
    roots = [os.path.realpath(directory) for directory in directories]
    watch = _polled if _must_poll(roots) or find_spec("watchfiles") is None else _notified
    async for changed in watch(roots):
        paths = sorted(path for path in changed if counts(path, roots, exclude) and not own(path))
        if paths:
            yield _described(paths)


async def _notified(roots: list[str]) -> AsyncIterator[Iterable[str]]:
    from watchfiles import awatch

    while True:
        watched = _identities(roots)
        try:
            async for changed in awatch(*roots, watch_filter=None, debounce=400, step=40):
                yield [path for _, path in changed]
                if _identities(roots) != watched:
                    break  # the kernel watches a folder, and not the one that takes its name
        except OSError as error:
            raise UsageError(f"--reload: {error}") from None
        while None in _identities(roots):
            await asyncio.sleep(POLL_SECONDS)
        yield [path for path, _ in _states(roots)]


def _identities(roots: list[str]) -> list[tuple[int, int] | None]:
    """Return which folders these are; None for one that is not there."""
    found: list[tuple[int, int] | None] = []
    for root in roots:
        try:
            state = os.stat(root)
        except OSError:
            found.append(None)
        else:
            found.append((state.st_dev, state.st_ino))
    return found


async def _polled(roots: list[str]) -> AsyncIterator[Iterable[str]]:
    """Compare files with their previous state: watchfiles' poller misses two saves in a second."""
    before = dict(_states(roots))
    while True:
        await asyncio.sleep(POLL_SECONDS)
        now = await asyncio.to_thread(lambda: dict(_states(roots)))
        if now != before:
            yield {path for path, _ in before.items() ^ now.items()}
            before = now


def _states(roots: list[str]) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Yield each relevant file, with a value that changes when it is saved."""
    for root in roots:
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if not _IGNORED_FOLDER.fullmatch(name)]
            for name in files:
                path = os.path.join(folder, name)
                try:
                    found = os.stat(path)
                except OSError:
                    continue  # it is being replaced at this moment
                yield path, (found.st_mtime_ns, found.st_size, found.st_ino)


def counts(path: str, roots: list[str], exclude: Sequence[str] = ()) -> bool:
    """Return whether a change of this file matters, given its place below one of the roots."""
    root = max((root for root in roots if path.startswith(root)), key=len, default="")
    place = path[len(root) :].lstrip(os.sep)
    parts = place.split(os.sep)
    if any(map(_IGNORED_FOLDER.fullmatch, parts)) or _IGNORED_FILE.fullmatch(parts[-1]):
        return False
    return not any(fnmatch(place, glob) or fnmatch(parts[-1], glob) for glob in exclude)


def _described(paths: list[str]) -> str:
    here = os.path.realpath(os.curdir) + os.sep
    others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{paths[0].removeprefix(here)}{others} changed"


def _must_poll(roots: list[str]) -> bool:
    """Return whether the kernel reports no changes here; WATCHFILES_FORCE_POLLING overrides."""
    if os.environ.get("WATCHFILES_FORCE_POLLING"):
        return True
    try:
        mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return any(_SILENT.match(file_system(root, mounts)) for root in roots)


def file_system(place: str, mounts: str) -> str:
    """Return the type of the file system of a place, given Linux's list of mounts."""
    types = {}
    for line in mounts.splitlines():
        mount, _, source = line.partition(" - ")
        point = re.sub(r"\\(\d{3})", lambda found: chr(int(found[1], 8)), mount.split()[4])
        if f"{place}/".startswith(f"{point.rstrip('/')}/"):
            types[len(point)] = source.split()[0]
    return types[max(types)] if types else ""
