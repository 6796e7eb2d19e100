"""The file tree of an image: its layers laid over one another, as the function will see them."""

from __future__ import annotations

import posixpath
import tarfile
from dataclasses import dataclass
from typing import IO

from lambda_ric.deploy.archive import Archive, ArchiveError
from lambda_ric.deploy.elf import Needs, read_needs
from lambda_ric.deploy.image import Layer

LAMBDA_USER, LAMBDA_GROUP = 993, 990
"""The user and group that functions run as in Lambda (sbx_user1051)."""

READ, EXECUTE = 4, 1
"""Permissions, as bits of a mode; to execute a directory means to enter it."""

_WHITEOUT, _OPAQUE = ".wh.", ".wh..wh..opq"
_LINKS_AT_MOST = 40
_ELF_LIMIT = 512 * 1024 * 1024
_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True)
class Entry:
    """A file, directory or symbolic link with its permissions."""

    kind: str
    mode: int
    user: int
    group: int
    target: str = ""
    needs: Needs | None = None

    def allows(self, rights: int) -> bool:
        """Whether Lambda's user has all of these permissions."""
        granted = self.mode
        if self.user == LAMBDA_USER:
            granted >>= 6
        elif self.group == LAMBDA_GROUP:
            granted >>= 3
        return granted & rights == rights


_MADE_ON_THE_WAY = Entry("directory", 0o755, 0, 0)


class FileTree:
    """All files by absolute path, and the bytes that the layers unpack to."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {"/": _MADE_ON_THE_WAY}
        self.unpacked_size = 0

    def add(self, layer: IO[bytes]) -> None:
        """Lay one more layer on top. Raises tarfile.TarError or OSError if it is not a tar file."""
        added: dict[str, Entry] = {}
        with tarfile.open(fileobj=layer, mode="r|*") as tar:
            for member in tar:
                path = posixpath.normpath("/" + member.name)
                self.unpacked_size += member.size
                folder, name = posixpath.split(path)
                if name == _OPAQUE:
                    self._remove(folder, keep_itself=True)
                elif name.startswith(_WHITEOUT):
                    self._remove(posixpath.join(folder, name.removeprefix(_WHITEOUT)))
                else:
                    added[path] = _entry(tar, member)
        for path, entry in added.items():
            covered = self.entries.get(path)
            if covered and covered.kind == "directory" and entry.kind != "directory":
                self._remove(path)
            self._make_parents(path)
            self.entries[path] = entry

    def resolve(self, path: str) -> tuple[str, Entry] | None:
        """Follow all symbolic links of an absolute path; None if it leads nowhere."""
        links = 0
        done, rest = "/", [part for part in path.split("/") if part]
        while rest:
            candidate = posixpath.normpath(posixpath.join(done, rest.pop(0)))
            entry = self.entries.get(candidate)
            if entry is None:
                return None
            if entry.kind != "link":
                done = candidate
                continue
            links += 1
            if links > _LINKS_AT_MOST:
                return None
            target = posixpath.normpath(posixpath.join(posixpath.dirname(candidate), entry.target))
            done, rest = "/", [*(part for part in target.split("/") if part), *rest]
        return done, self.entries[done]

    def obstacle(self, path: str, rights: int) -> str | None:
        """The first path component that keeps Lambda's user from using the (resolved) path."""
        folder = posixpath.dirname(path)
        while True:
            if not self.entries.get(folder, _MADE_ON_THE_WAY).allows(EXECUTE):
                return folder
            if folder == "/":
                break
            folder = posixpath.dirname(folder)
        return None if self.entries[path].allows(rights) else path

    def _make_parents(self, path: str) -> None:
        folder = posixpath.dirname(path)
        while folder not in self.entries:
            self.entries[folder] = _MADE_ON_THE_WAY
            folder = posixpath.dirname(folder)

    def _remove(self, path: str, keep_itself: bool = False) -> None:
        below = path.rstrip("/") + "/"
        gone = [known for known in self.entries if known.startswith(below) and known != "/"]
        if not keep_itself and path in self.entries:
            gone.append(path)
        for known in gone:
            del self.entries[known]


def read_file_tree(archive: Archive, layers: list[Layer]) -> FileTree:
    """Unpack names and permissions of the layers. Raises ArchiveError if one is broken."""
    tree = FileTree()
    for layer in layers:
        with archive.open(layer.name) as file:
            try:
                tree.add(file)
            except (tarfile.TarError, OSError, EOFError) as error:
                raise ArchiveError(_why(archive, layer, error)) from error
    return tree


def _why(archive: Archive, layer: Layer, error: Exception) -> str:
    with archive.open(layer.name) as file:
        if file.read(4) == _ZSTD:
            return (
                f"{layer.name} is compressed with zstd, which this Python cannot read; "
                "build with gzip (BuildKit: compression=gzip), or run this with Python 3.14"
            )
    return f"{layer.name} is not a readable tar file ({error})"


def _entry(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Entry:
    kind = "directory" if member.isdir() else "link" if member.issym() else "file"
    target = member.linkname if kind == "link" else ""
    needs = None
    if member.isreg() and member.size <= _ELF_LIMIT and (file := tar.extractfile(member)):
        start = file.read(4)
        if start == b"\x7fELF":
            needs = read_needs(start + file.read())
    return Entry(kind, member.mode, member.uid, member.gid, target, needs)
