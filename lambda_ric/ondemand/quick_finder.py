"""Finds modules in folders as Python does, in fewer steps, while the handler's module is imported.

At each import Python asks one folder of `sys.path` after the other whether it has changed, looks
for every suffix, and works out the name of the bytecode file. This finder lists each folder once.
It decides only where the outcome is certain: extension modules, namespace packages, zip archives
and files made meanwhile are left to Python's own finder, which comes after it. Nothing of it
remains when the handler is loaded. See docs/cold-start.md.
"""

from __future__ import annotations

import marshal
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from stat import S_ISREG

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import CodeType, ModuleType

_SUFFIX = f".{sys.implementation.cache_tag}.pyc"
_BY_DATE_AND_SIZE = MAGIC_NUMBER + bytes(4)
"""Begins a bytecode file that holds the date and the size of its source file."""

_LOW_32_BITS = 0xFFFF_FFFF
_PIECE = 65_536


def find_quickly() -> QuickFinder | None:
    """Find modules from now on, where Python imports as it usually does."""
    if sys.platform != "linux" or sys.implementation.name != "cpython":
        return None  # letters may differ in case, or bytecode in form
    if sys.flags.optimize or sys.flags.verbose or sys.pycache_prefix is not None:
        return None
    if len(sys.path_hooks) != 2 or PathFinder not in sys.meta_path:  # of zip archives and folders
        return None
    finder = QuickFinder()
    sys.meta_path.insert(sys.meta_path.index(PathFinder), finder)
    return finder


class QuickFinder:
    """A finder of source modules, until `close`."""

    def __init__(self) -> None:
        self._folders = _Folders()
        self._hooks = list(sys.path_hooks)

    def close(self) -> None:
        """Stop finding modules."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        self._folders.clear()

    def invalidate_caches(self) -> None:
        """List all folders again, as `importlib.invalidate_caches` demands."""
        self._folders.clear()

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a source module, or None for what Python's own finder must decide."""
        if target is not None or sys.path_hooks != self._hooks:
            return None
        tail = name.rpartition(".")[2]
        file = tail + ".py"
        for folder in sys.path if path is None else path:
            names = self._folders[folder]
            if names is None:
                return None
            if tail in names:
                return self._package(name, f"{folder}/{tail}")
            if file in names:
                return _source_module(name, folder, tail)
        return None

    def _package(self, name: str, folder: str) -> ModuleSpec | None:
        names = self._folders[folder]
        if names is None or "__init__.py" not in names:
            return None
        spec = _source_module(name, folder, "__init__")
        if spec is not None:
            spec.submodule_search_locations = [folder]
        return spec


class _Folders(dict[str, "Collection[str] | None"]):
    """What `_names` returns for each folder, once it has been asked for."""

    def __missing__(self, folder: str) -> Collection[str] | None:
        names = self[folder] = _names(folder)
        return names


def _names(folder: str) -> Collection[str] | None:
    """Return the names in a folder, or None if Python's own finder must look there.

    A file that Python prefers to a source file, or takes without one, is there under the name of
    its module, and not the source file: so it is no package, and is left to Python.
    """
    if type(folder) is not str or not folder.startswith("/"):
        return None
    try:
        names = set(os.listdir(folder))
    except OSError:
        return None if os.path.exists(folder) else ()  # perhaps a zip archive
    for name in [name for name in names if name.endswith((".so", ".pyc"))]:
        module = name.partition(".")[0]
        names.add(module)
        names.discard(module + ".py")
    return names


def _source_module(name: str, folder: str, stem: str) -> ModuleSpec | None:
    source = f"{folder}/{stem}.py"
    try:
        status = os.stat(source)
    except OSError:
        return None
    if not S_ISREG(status.st_mode):
        return None
    loader = _Loader(name, source)
    loader.head = b"%b%b%b" % (
        _BY_DATE_AND_SIZE,
        (int(status.st_mtime) & _LOW_32_BITS).to_bytes(4, "little"),
        (status.st_size & _LOW_32_BITS).to_bytes(4, "little"),
    )
    spec = ModuleSpec(name, loader, origin=source)
    spec.has_location = True
    spec.cached = loader.bytecode = f"{folder}/__pycache__/{stem}{_SUFFIX}"
    return spec


class _Loader(SourceFileLoader):
    """Loads a module from its bytecode file once; then it is an ordinary loader of source files."""

    head: bytes
    """Begins a bytecode file that is up to date."""
    bytecode: str

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the code of the bytecode file if that is up to date, else do what Python does."""
        head, bytecode = self.head, self.bytecode
        del self.head, self.bytecode
        self.__class__ = SourceFileLoader  # type: ignore[assignment]
        try:
            data = _read(bytecode)
            if data.startswith(head):
                code: CodeType = marshal.loads(memoryview(data)[len(head) :])
                return code
        except (OSError, EOFError, TypeError, ValueError):
            pass
        return self.get_code(fullname)


def _read(path: str) -> bytes:
    """Return the content of a file, in as few system calls as possible."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        data = piece = os.read(fd, _PIECE)
        while len(piece) == _PIECE:
            piece = os.read(fd, _PIECE)
            data += piece
        return data
    finally:
        os.close(fd)
