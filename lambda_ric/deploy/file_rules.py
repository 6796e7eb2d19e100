"""Lambda's requirements for an image's files: their size, permissions, and C library."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from lambda_ric.deploy.elf import Version
from lambda_ric.deploy.filesystem import EXECUTE, LAMBDA_USER, READ, FileTree
from lambda_ric.deploy.finding import Finding, error

SIZE_LIMIT = 10 * 1024**3
"""Bytes that all layers may unpack to (Lambda quotas: container image code package size)."""

_READING = {"file": READ, "directory": READ | EXECUTE}
"""The permissions that importing needs: to list a directory and to enter it."""

_SHOWN_AT_MOST = 5


def check_size(tree: FileTree) -> Iterator[Finding]:
    """Add up the unpacked size of the layers; a file that a later layer deletes still counts."""
    if tree.unpacked_size > SIZE_LIMIT:
        yield error(
            f"the layers unpack to {tree.unpacked_size / 1024**3:.1f} GB; Lambda takes 10 GB",
            "build in stages, and copy only what the function needs into the last one",
        )


def check_readable(tree: FileTree, folders: list[str]) -> Iterator[Finding]:
    """Look for code that Lambda's user cannot read, in the folders that Python imports from."""
    obstacles = {
        tree.obstacle(path, _READING[kind])
        for path in _below(tree, folders)
        if (kind := tree.entries[path].kind) in _READING
    }
    if blocked := sorted(path for path in obstacles if path):
        yield error(
            f"Lambda's user (uid {LAMBDA_USER}) cannot read {_listed(blocked)}",
            "COPY --chmod=a+rX (BuildKit), or RUN chmod -R a+rX on it: files keep the rights that "
            "they have on your machine",
        )


def check_c_library(
    tree: FileTree, folders: list[str], library: Version | None
) -> Iterator[Finding]:
    """Look for packages whose binaries need a newer GNU C library than the image's (or any)."""
    wanted = {
        path: entry.needs.wanted
        for path in _below(tree, folders)
        if (entry := tree.entries[path]).needs and entry.needs.wanted
    }
    too_new = sorted(path for path, version in wanted.items() if version > (library or ()))
    if not too_new:
        return
    highest = max(wanted[path] for path in too_new)
    has = f"has {_dotted(library)}" if library else "has none (is it Alpine?)"
    yield error(
        f"built for the GNU C library {_dotted(highest)}, and the image {has}: {_listed(too_new)}",
        "install packages in a stage FROM the same base as the last one, never from another system",
    )


def c_library(tree: FileTree) -> Version | None:
    """The version of the GNU C library in the image; None without one, as on Alpine."""
    libraries = [
        entry.needs.offered
        for path, entry in tree.entries.items()
        if posixpath.basename(path) == "libc.so.6" and entry.needs and entry.needs.offered
    ]
    return max(libraries, default=None)


def _below(tree: FileTree, folders: list[str]) -> Iterator[str]:
    beginnings = tuple(f"{folder}/" for folder in folders)
    return (path for path in tree.entries if path in folders or path.startswith(beginnings))


def _listed(paths: list[str]) -> str:
    more = len(paths) - _SHOWN_AT_MOST
    return ", ".join(paths[:_SHOWN_AT_MOST]) + (f" and {more} more" if more > 0 else "")


def _dotted(version: Version) -> str:
    return ".".join(str(part) for part in version)
