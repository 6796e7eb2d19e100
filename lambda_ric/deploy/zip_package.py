"""Deployment packages of zip functions and their layers, unpacked as Lambda unpacks them.

Source: "Lambda quotas" and "Packaging your layer content" in the AWS Lambda developer guide.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from lambda_ric.deploy.zip_entries import PackageError, ZipEntry, read_entries, shown

UNZIPPED_LIMIT = 262_144_000
"""Bytes that a function and all its layers may have together when they are unpacked."""

LAYERS_LIMIT = 5
"""How many layers a function may have."""

_READABLE = 0o400


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
            entries = read_entries(opened, archive)
            entries.sort(key=lambda entry: entry.kind == "link")
            room = _Room(folder, archive)
            for entry in entries:
                _extract(opened, entry, room)
    except zipfile.BadZipFile as error:
        raise PackageError(f"{archive} is no zip file, or is damaged: {error}") from None
    except (OSError, EOFError, ValueError, NotImplementedError) as error:
        raise PackageError(f"{archive} cannot be unpacked: {reason(error)}") from None


def check_limits(code: Path | None, layers: list[Path]) -> None:
    """Raise PackageError for more layers, or larger packages, than Lambda accepts."""
    if len(layers) > LAYERS_LIMIT:
        raise PackageError(f"{len(layers)} layers are given, and Lambda takes {LAYERS_LIMIT}")
    packages = [*([code] if code else []), *layers]
    sizes = [(unpacked_size(package), package) for package in packages]
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
        raise PackageError(f"{package} cannot be read: {reason(error)}") from None


def top_names(package: Path) -> set[str]:
    """Return the names at the top of a package that can be read."""
    if package.is_dir():
        return {path.name for path in package.iterdir()}
    with zipfile.ZipFile(package) as opened:
        return {name.split("/")[0] for name in opened.namelist()}


def reason(error: Exception) -> str:
    """Return what went wrong, in the words of the operating system."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


class _Room:
    """A folder that packages are laid over. Makes way for each entry, and never leaves the folder.

    A folder of an earlier package may be a link, so each is resolved once before it is written to.
    """

    def __init__(self, folder: Path, package: Path) -> None:
        self._folder = folder
        self._package = package
        self._root = os.path.realpath(folder)
        self._known: set[PurePosixPath] = set()

    def for_file(self, place: PurePosixPath) -> Path:
        """Return the path of a file or link, where nothing is. Raises PackageError."""
        self._make_folders(place.parent)
        path = Path(self._folder, place)
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        return path

    def make_folder(self, place: PurePosixPath) -> None:
        """Make a folder, in place of a file or link. Raises PackageError."""
        self._make_folders(place.parent)
        path = Path(self._folder, place)
        if place.parts and (path.is_symlink() or not path.is_dir()):
            path.unlink(missing_ok=True)
            path.mkdir()

    def _make_folders(self, place: PurePosixPath) -> None:
        for above in [*reversed(place.parents), place][1:]:
            if above in self._known:
                continue
            path = Path(self._folder, above)
            if not path.is_dir():
                path.unlink(missing_ok=True)
                path.mkdir()
            if path.is_symlink() and not _within(self._root, os.path.realpath(path)):
                name = shown(str(place))
                raise PackageError(f"{self._package}: {name} is outside of it, through a link")
            self._known.add(above)


def _extract(opened: zipfile.ZipFile, entry: ZipEntry, room: _Room) -> None:
    try:
        if entry.kind == "folder":
            room.make_folder(entry.place)
        elif entry.kind == "link":
            leads_to = os.fsdecode(opened.read(entry.info))
            room.for_file(entry.place).symlink_to(leads_to)
        else:
            path = room.for_file(entry.place)
            with opened.open(entry.info) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
            path.chmod(entry.mode | _READABLE if entry.mode else 0o644)
    except (PackageError, zipfile.BadZipFile):
        raise
    except Exception as error:  # each way of compressing has errors of its own
        raise OSError(f"{entry.name}: {reason(error)}") from error


def _copy(source: Path, folder: Path) -> None:
    room = _Room(folder, source)
    for name, folders, files in os.walk(source):
        here = PurePosixPath(Path(name).relative_to(source).as_posix())
        for entry in [*folders, *files]:
            try:
                _copy_entry(Path(name, entry), here / entry, source, room)
            except OSError as error:
                raise PackageError(
                    f"{Path(name, entry)} cannot be copied: {reason(error)}"
                ) from None


def _copy_entry(original: Path, place: PurePosixPath, source: Path, room: _Room) -> None:
    if original.is_symlink():
        target = os.path.realpath(original)
        inside = _within(os.path.realpath(source), target)
        room.for_file(place).symlink_to(os.readlink(original) if inside else target)
    elif original.is_dir():
        room.make_folder(place)
    elif original.is_file():
        shutil.copy2(original, room.for_file(place))
    else:
        raise OSError("it is neither a file, a folder nor a link")


def _within(root: str, path: str) -> bool:
    """Whether a resolved path is a resolved folder, or below it."""
    return path == root or path.startswith(os.path.join(root, ""))
