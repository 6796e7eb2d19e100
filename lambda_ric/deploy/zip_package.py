"""Deployment packages of zip functions and their layers, unpacked as Lambda unpacks them.

Source: "Lambda quotas" and "Packaging your layer content" in the AWS Lambda developer guide.
"""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

UNZIPPED_LIMIT = 262_144_000
"""Bytes that a function and all its layers may have together when they are unpacked."""

LAYERS_LIMIT = 5
"""How many layers a function may have."""

_ENCRYPTED = 0x1
_READABLE = 0o400


class PackageError(Exception):
    """The file or folder is no package that Lambda would take; the message says why."""


def lay_over(packages: Iterable[Path], folder: Path) -> None:
    """Put packages, zip files or folders, over one another in a folder; files of later ones win.

    Nothing is written outside the folder, whatever an archive names. Raises PackageError.
    """
    for package in packages:
        if package.is_dir():
            _copy(package, folder)
        else:
            unpack(package, folder)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack a zip file, over what is in the folder. Raises PackageError if Lambda would refuse it.

    Permissions and symbolic links are kept. Links are made last, so no file is written through one.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [(entry, _place(archive, entry)) for entry in opened.infolist()]
            links = [(entry, place) for entry, place in entries if _is_link(entry)]
            for entry, place in entries:
                if not _is_link(entry):
                    _write(opened, entry, _inside(folder, place, archive))
            for entry, place in links:
                _link(os.fsdecode(opened.read(entry)), _inside(folder, place, archive))
    except zipfile.BadZipFile as error:
        raise PackageError(f"{archive} is no zip file, or is damaged: {error}") from None
    except (OSError, EOFError, ValueError, NotImplementedError) as error:
        raise PackageError(f"{archive} cannot be unpacked: {_reason(error)}") from None


def check_limits(code: Path, layers: list[Path]) -> None:
    """Raise PackageError for more layers, or larger packages, than Lambda accepts."""
    if len(layers) > LAYERS_LIMIT:
        raise PackageError(f"{len(layers)} layers are given, and Lambda takes {LAYERS_LIMIT}")
    sizes = [(unpacked_size(package), package) for package in (code, *layers)]
    total = sum(size for size, _ in sizes)
    if total > UNZIPPED_LIMIT:
        largest = max(sizes)[1]
        raise PackageError(
            f"the code and its layers have {total} bytes when they are unpacked, and Lambda takes "
            f"{UNZIPPED_LIMIT}; {largest} is the largest of them"
        )


def unpacked_size(package: Path) -> int:
    """Return the bytes of a package's files. Raises PackageError if it is no package."""
    if package.is_dir():
        found = (Path(folder, name) for folder, _, names in os.walk(package) for name in names)
        return sum(file.lstat().st_size for file in found)
    try:
        with zipfile.ZipFile(package) as opened:
            return sum(entry.file_size for entry in opened.infolist())
    except FileNotFoundError:
        raise PackageError(f"{package}: there is no such file or folder") from None
    except zipfile.BadZipFile as error:
        raise PackageError(f"{package} is no zip file, or is damaged: {error}") from None
    except (OSError, ValueError, NotImplementedError) as error:
        raise PackageError(f"{package} cannot be read: {_reason(error)}") from None


def _place(archive: Path, entry: zipfile.ZipInfo) -> PurePosixPath:
    """Return where an entry belongs. Raises PackageError for a place outside of the package."""
    if entry.flag_bits & _ENCRYPTED:
        raise PackageError(f"{archive}: {entry.filename} is encrypted, which Lambda cannot read")
    name = entry.filename.replace("\\", "/")
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or (os.name == "nt" and ":" in name):
        raise PackageError(f"{archive}: {entry.filename!r} is outside of the package")
    return place


def _inside(folder: Path, place: PurePosixPath, archive: Path) -> Path:
    """Return the path of a place, whose folders may be links of an earlier package."""
    root = os.path.realpath(folder)
    parent = os.path.realpath(Path(folder, *place.parts).parent)
    if place.parts and os.path.commonpath([root, parent]) != root:
        raise PackageError(f"{archive}: {str(place)!r} is outside of the package, through a link")
    return Path(folder, *place.parts)


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    mode = stat.S_IMODE(entry.external_attr >> 16)
    if entry.is_dir():
        _make_room(path, for_folder=True)
        path.mkdir(parents=True, exist_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _make_room(path)
    with opened.open(entry) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    path.chmod(mode | _READABLE if mode else 0o644)  # Windows' archives have no permissions


def _link(target: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _make_room(path)
    path.symlink_to(target)


def _copy(source: Path, folder: Path) -> None:
    for name, folders, files in os.walk(source):
        here = PurePosixPath(Path(name).relative_to(source).as_posix())
        for entry in [*folders, *files]:
            original = Path(name, entry)
            path = _inside(folder, here / entry, source)
            if original.is_symlink():
                _link(os.readlink(original), path)
            elif original.is_dir():
                _make_room(path, for_folder=True)
                path.mkdir(parents=True, exist_ok=True)
            else:
                _make_room(path)
                shutil.copy2(original, path)


def _make_room(path: Path, *, for_folder: bool = False) -> None:
    """Remove what an earlier package has put there, but not a folder for another folder."""
    if path.is_dir() and not path.is_symlink():
        if not for_folder:
            shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
