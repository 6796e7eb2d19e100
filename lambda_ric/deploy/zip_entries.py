"""What a zip file contains, and what no package of Lambda may contain.

All names are read before anything is written, so a package that is refused leaves nothing behind.

Source: "Packaging your layer content" in the AWS Lambda developer guide; APPNOTE.TXT of the zip
file format for the attributes of entries.
"""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

_ENCRYPTED = 0x1
_PATH_LIMIT = 4096  # bytes: what Linux takes as a path, and as the target of a link
_SHOWN = 80
_KINDS = {0: "file", stat.S_IFREG: "file", stat.S_IFDIR: "folder", stat.S_IFLNK: "link"}


class PackageError(Exception):
    """The file or folder is no package that Lambda would take; the message says why."""


class ZipEntry(NamedTuple):
    """An entry of a zip file: its place in the package, its kind, and its permissions.

    A mode of 0 means that the archive has none, as those that are made on Windows.
    """

    info: zipfile.ZipInfo
    place: PurePosixPath
    kind: str
    mode: int

    @property
    def name(self) -> str:
        """The name for messages, whatever its length and characters."""
        return shown(self.info.orig_filename)


def read_entries(opened: zipfile.ZipFile, archive: Path) -> list[ZipEntry]:
    """Return the entries. Raises PackageError for a package that Lambda would not unpack."""
    entries = [_entry(info, archive) for info in opened.infolist()]
    if not entries:
        raise PackageError(f"{archive} is an empty zip file, which Lambda refuses")
    _refuse_conflicts(entries, archive)
    return entries


def shown(name: str) -> str:
    """Return a name for a message of one line."""
    return repr(name if len(name) <= _SHOWN else f"{name[:_SHOWN]}…")


def _entry(info: zipfile.ZipInfo, archive: Path) -> ZipEntry:
    name = info.orig_filename  # as it stands in the archive: zipfile cuts and corrects it
    if info.flag_bits & _ENCRYPTED:
        raise PackageError(f"{archive}: {shown(name)} is encrypted, which Lambda cannot read")
    if "\\" in name:
        raise PackageError(
            f"{archive}: {shown(name)} is written with backslashes, which are no folders in "
            "Lambda; make the archive with another program, such as python -m zipfile"
        )
    place = PurePosixPath(name)
    nameless = not place.parts and not info.is_dir()
    if nameless or "\0" in name or len(name) > _PATH_LIMIT:
        raise PackageError(f"{archive}: {shown(name)} is no name of a file")
    if place.is_absolute() or ".." in place.parts or (os.name == "nt" and ":" in name):
        raise PackageError(f"{archive}: {shown(name)} is outside of the package")
    mode = info.external_attr >> 16
    kind = "folder" if info.is_dir() else _KINDS.get(stat.S_IFMT(mode), "")
    if not kind or (kind == "link" and info.file_size > _PATH_LIMIT):
        raise PackageError(f"{archive}: {shown(name)} is neither a file, a folder nor a link")
    return ZipEntry(info, place, kind, stat.S_IMODE(mode) & 0o777)


def _refuse_conflicts(entries: list[ZipEntry], archive: Path) -> None:
    """Refuse a place that two entries claim: which of them Lambda keeps is not documented."""
    files: dict[PurePosixPath, ZipEntry] = {}
    for entry in entries:
        if entry.kind == "folder":
            continue
        other = files.setdefault(entry.place, entry)
        if (other.info.CRC, other.info.file_size) != (entry.info.CRC, entry.info.file_size):
            raise PackageError(f"{archive}: {entry.name} is in it twice, with different contents")
    parents = {parent for entry in entries for parent in entry.place.parents}
    parents |= {entry.place for entry in entries if entry.kind == "folder"}
    for place in parents & files.keys():
        raise PackageError(f"{archive}: {files[place].name} is both a file and a folder")
