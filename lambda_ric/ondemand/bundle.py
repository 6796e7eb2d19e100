"""Finds modules in a bundle: one file with the code of all that the function imports.

`lambda-ric bundle` makes it when an image is built. While the handler's module is imported, the
modules in it are found without a search through `sys.path` and read without a file of their own,
and what they compile while they run is there already. Nothing else about them changes: files,
loaders, resources and tracebacks are those that Python gives them. Afterwards nothing of the bundle
is left. See docs/cold-start.md.
"""

from __future__ import annotations

import marshal
import os
import sys
from binascii import crc32
from importlib.machinery import (
    BuiltinImporter,
    ExtensionFileLoader,
    FrozenImporter,
    ModuleSpec,
    PathFinder,
    SourceFileLoader,
)

from lambda_ric.ondemand.precompiled import Precompiled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from types import CodeType, ModuleType
    from typing import Any, TypeAlias

    from lambda_ric.ondemand.service_listings import ServiceListings

    Seen: TypeAlias = "tuple[int, int, int]"  # size, second of the last change, checksum
    Place: TypeAlias = "tuple[int, int]"  # start, counted from the end of the index, and size
    Entry: TypeAlias = "tuple[str, str | None, bool, Place | None, Seen, bool]"
    """File, file of the bytecode, whether it is a package, place of the code (none of an extension
    module), the file as it was seen, and whether it is the function's own."""

    Index: TypeAlias = "tuple[dict[str, Entry], Place, tuple[str, ...]]"

FORMAT = "lambda-ric bundle 3"
"""The first line of the file. Then comes a line for each thing that must be the same at the start,
a blank line, the size of the index, the index as `marshal` writes it, all code, and results: what
`ondemand.precompiled` and `ondemand.service_listings` take. The index consists of the modules, the
place of the results, and the other files that the import reads: data, and libraries in machine
code."""

CHECK_VARIABLE = "LAMBDA_RIC_BUNDLE_CHECK"
"""With the value `all` Python searches for each module first, and all files are checked."""

SIZE_BYTES = 8
_DAMAGES = (EOFError, TypeError, ValueError)  # what `marshal` raises for them


def open_bundle(path: str) -> Bundle | None:
    """Find modules in this bundle from now on. If it cannot be used, report why in one line."""
    try:
        bundle = Bundle(path, searches=os.environ.get(CHECK_VARIABLE) == "all")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        _say(f"{path} is ignored: {reason}")
        return None
    # Behind the hooks of others, where Python would begin to look. Nothing built in is in a bundle.
    place = sys.meta_path.index(PathFinder) if PathFinder in sys.meta_path else len(sys.meta_path)
    while place and sys.meta_path[place - 1] in (BuiltinImporter, FrozenImporter):
        place -= 1
    sys.meta_path.insert(place, bundle)
    bundle.offer_results()
    return bundle


def describe_process() -> bytes:
    """Return the head of a bundle for this process: its Python, and where it looks for modules."""
    version = " ".join(sys.version.split())
    program = os.path.dirname(os.path.realpath(sys.argv[0]))  # of the script `lambda-ric`
    folders = [folder for folder in sys.path if folder != program or folder == os.getcwd()]
    lines = [FORMAT, f"python {version}", f"optimize {sys.flags.optimize}"]
    lines += [f"path {folder}" for folder in folders]
    return "\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


def is_unchanged(path: str, seen: Seen) -> bool:
    """Return whether a file is unchanged: a new date alone, as builders set it, is no change."""
    size, modified, checksum = seen
    try:
        status = os.stat(path)
        if status.st_size != size:
            return False
        if int(status.st_mtime) == modified:
            return True
        with open(path, "rb") as file:
            return crc32(file.read()) == checksum
    except OSError:
        return False


class Bundle:
    """A finder of modules, open until `close`.

    The function's own modules are checked against their files. Where it `searches`, as under the
    emulator, each module is found by Python first, and all files are checked. Raises OSError, and
    ValueError when the file is not for this process.
    """

    def __init__(self, path: str, *, searches: bool = False) -> None:
        self.path = path
        self._searches = searches
        self._has_complained = False
        self._stand_ins: list[Precompiled | ServiceListings] = []
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        try:
            index, self._start = self._read_index()
        except BaseException:
            os.close(self._file)
            raise
        self._index, self._place_of_results, other_files = index
        if hasattr(os, "posix_fadvise"):
            self._read_ahead(other_files)

    def close(self) -> None:
        """Stop finding modules."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for stand_in in self._stand_ins:
            stand_in.close()
        self._index = {}
        os.close(self._file)

    def files(self) -> Iterable[tuple[str, Seen]]:
        """Return the files of all modules as they were seen."""
        return [(entry[0], entry[4]) for entry in self._index.values()]

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module of the bundle; None for others, and for one to reload."""
        entry = self._index.get(name)
        if entry is None or target is not None:
            return None
        file, cached, is_package, code, seen, is_own = entry
        if self._searches:
            found = PathFinder.find_spec(name, path)
            if found is None or found.origin != file:
                return found
        if (is_own or self._searches) and not is_unchanged(file, seen):
            self._complain(file)
            return None
        loader: Any = BundledLoader(name, file, self) if code else ExtensionFileLoader(name, file)
        spec = ModuleSpec(name, loader, origin=file)
        spec.has_location = True
        spec.cached = cached
        if is_package:
            spec.submodule_search_locations = [os.path.dirname(file)]
        return spec

    def take_code(self, name: str) -> CodeType | None:
        """Return the code of a module the first time, or None if it cannot be read."""
        entry = self._index.pop(name, None)
        if entry is None or entry[3] is None:
            return None
        code: CodeType | None = self._load(entry[3])
        return code

    def offer_results(self) -> None:
        """Let what modules compile and list while they run come from the bundle, until `close`."""
        results = self._load(self._place_of_results)
        if results is None:
            return
        *compiled, listings = results
        self._stand_ins.append(Precompiled(*compiled))
        if listings and not self._searches:
            # Functions without botocore do without this module.
            from lambda_ric.ondemand.service_listings import ServiceListings  # noqa: PLC0415

            self._stand_ins.append(ServiceListings(listings))
        for stand_in in self._stand_ins:
            stand_in.install()

    def _read_ahead(self, other_files: Iterable[str]) -> None:
        """Have the system read what will be needed, while the first modules are imported."""
        os.posix_fadvise(self._file, 0, 0, os.POSIX_FADV_WILLNEED)
        for path in other_files:
            try:
                file = os.open(path, os.O_RDONLY)
            except OSError:
                continue  # the module that needs it will report that
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_WILLNEED)
            os.close(file)

    def _load(self, place: Place) -> Any:
        """Return what `marshal` has written there, or None if it cannot be read."""
        start, size = place
        try:
            return marshal.loads(self._read(size, self._start + start))
        except (OSError, *_DAMAGES):
            return None

    def _read_index(self) -> tuple[Index, int]:
        head = describe_process()
        data = self._read(len(head) + SIZE_BYTES, 0)
        if not data.startswith(head):
            raise ValueError(_difference(self._read(65_536, 0), head))
        size = int.from_bytes(data[len(head) :], "little")
        try:
            return marshal.loads(self._read(size, len(data))), len(data) + size
        except (OverflowError, *_DAMAGES) as error:
            raise ValueError(f"it is damaged ({error})") from None

    def _read(self, size: int, start: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._file, size, start)
        os.lseek(self._file, start, os.SEEK_SET)  # Windows
        return os.read(self._file, size)

    def _complain(self, file: str) -> None:
        if not self._has_complained:
            self._has_complained = True
            _say(f"{file} has changed since {self.path} was made, and is read instead of it")


class BundledLoader(SourceFileLoader):
    """Loads a module from its file, but takes its code from a bundle."""

    def __init__(self, name: str, path: str, bundle: Bundle) -> None:
        super().__init__(name, path)
        self._bundle = bundle

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the bundle the first time, and then that of the file."""
        return self._bundle.take_code(fullname) or super().get_code(fullname)


def _difference(data: bytes, head: bytes) -> str:
    """Say why a bundle is not for this process."""
    theirs = data.partition(b"\n\n")[0].decode("utf-8", "replace").split("\n")
    ours = head.decode("utf-8", "replace").split("\n")[:-2]
    if theirs[0] != ours[0]:
        return f"it does not begin with {FORMAT!r}"
    for made_for, here in zip(theirs[1:3], ours[1:3], strict=False):
        if made_for != here:
            return f"it was made for {made_for}, and this is {here}"
    return f"it was made for the sys.path {_folders(theirs)} and here it is {_folders(ours)}"


def _folders(head: list[str]) -> str:
    return " ".join(line.removeprefix("path ") for line in head if line.startswith("path "))


def _say(message: str) -> None:
    sys.stderr.write(f"lambda-ric: {message}\n")
