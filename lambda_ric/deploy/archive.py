"""Files of an image archive, by name: in a directory, or in a tar that may be compressed."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Protocol, cast

_JSON_LIMIT = 16 * 1024 * 1024


class ArchiveError(Exception):
    """The path holds no readable image; the message says why."""


class Archive(Protocol):
    """Access to the files of an image archive."""

    def size(self, name: str) -> int | None:
        """The length of a file in bytes; None if there is no such file."""

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a file for reading. Raises ArchiveError if it is not there."""


class DirectoryArchive:
    """An archive that was unpacked, or created as a directory."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def size(self, name: str) -> int | None:
        """The length of a file in bytes; None if there is no such file."""
        path = self._root / name
        return path.stat().st_size if path.is_file() else None

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a file for reading. Raises ArchiveError if it is not there."""
        try:
            return (self._root / name).open("rb")
        except OSError as error:
            raise ArchiveError(f"{name} cannot be read: {error.strerror}") from error


class TarArchive:
    """An archive in one tar file, as `docker save` and `buildah push` write it."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members = {member.name.removeprefix("./"): member for member in tar}

    def size(self, name: str) -> int | None:
        """The length of a file in bytes; None if there is no such file."""
        member = self._members.get(name)
        return member.size if member else None

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a file for reading, through links. Raises ArchiveError if it is not there."""
        try:
            file = self._tar.extractfile(self._members[name])
        except KeyError as error:
            raise ArchiveError(f"{name} is missing from the archive") from error
        if file is None:
            raise ArchiveError(f"{name} is not a file")
        return cast("BinaryIO", file)


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open a directory or a tar file. Raises ArchiveError if it is neither, or ends too early."""
    if path.is_dir():
        yield DirectoryArchive(path)
        return
    try:
        with tarfile.open(path) as tar:
            yield TarArchive(tar)
    except FileNotFoundError as error:
        raise ArchiveError("no such file") from error
    except (OSError, EOFError, tarfile.TarError) as error:
        raise ArchiveError(_unreadable(error)) from error


@contextmanager
def open_archive_stream(stream: BinaryIO) -> Iterator[Archive]:
    """Open a tar file that is read once, such as standard input. Raises ArchiveError as above."""
    with TemporaryFile() as file:  # the files are needed in another order
        copyfileobj(stream, file)
        file.seek(0)
        try:
            with tarfile.open(fileobj=file) as tar:
                yield TarArchive(tar)
        except (OSError, EOFError, tarfile.TarError) as error:
            raise ArchiveError(_unreadable(error)) from error


def _unreadable(error: Exception) -> str:
    """Say why, without what tarfile adds about each compression that it tried."""
    reason = str(error).partition("\n")[0].rstrip(":")
    return f"neither a directory nor a readable tar file: {reason}"


def read_json(archive: Archive, name: str) -> Any:
    """The value of a JSON file in the archive. Raises ArchiveError if it is not JSON."""
    try:
        with archive.open(name) as file:
            return json.loads(file.read(_JSON_LIMIT))
    except ValueError as error:
        raise ArchiveError(f"{name} is not JSON: {error}") from error
