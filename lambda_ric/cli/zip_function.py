"""A zip function with its layers, unpacked as a runtime in Lambda would find it.

The code has its own folder. The layers are unpacked over one another into a second folder, which
stands for `/opt`.

Source: "Search paths for layers" and "Defined runtime environment variables" in the AWS Lambda
developer guide.
"""

from __future__ import annotations

import glob
import os
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from lambda_ric.cli.parser import UsageError
from lambda_ric.deploy.zip_entries import PackageError
from lambda_ric.deploy.zip_package import check_limits, lay_over, top_names, unpack

_OPT = "/opt/"
_USED = frozenset({"python", "bin", "lib", "extensions"})
"""The folders of a layer that Lambda looks into; see the source above."""

_WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER"

_State = tuple[tuple[str, int, int], ...]


class ZipFunction(AbstractContextManager["ZipFunction"]):
    """The unpacked code and layers of a function, which are removed at the end.

    Without code, it is in the current folder, which may hold more than the package will. Raises
    UsageError for packages that Lambda would refuse.
    """

    def __init__(self, code: str | None, layers: list[str]) -> None:
        self._workspace = tempfile.TemporaryDirectory(
            prefix="lambda-ric-", ignore_cleanup_errors=True
        )
        self._layers = [Path(layer) for layer in layers]
        self._laid: _State | None = None
        self._number = 0
        place = Path(code or os.curdir)
        packages = (place, *self._layers)
        self.watched = [str(package) for package in packages if package.is_dir()]
        try:
            check_limits(place if code else None, self._layers)
            self.directory = str(place.resolve() if place.is_dir() else self._unpacked(place))
            self._lay_layers()
        except BaseException as error:
            self._workspace.cleanup()
            if isinstance(error, PackageError):
                raise UsageError(str(error)) from None
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove what was unpacked."""
        self._workspace.cleanup()

    @property
    def opt(self) -> Path:
        """The folder that stands for /opt."""
        return Path(self._workspace.name, f"opt-{self._number}")

    @property
    def extensions(self) -> str:
        """The folder of external extensions in the layers, "" if they have none."""
        folder = self.opt / "extensions"
        return str(folder) if folder.is_dir() else ""

    def hints(self, handler: str) -> list[str]:
        """Return what Lambda would not find in the packages, as sentences."""
        module = handler.rpartition(".")[0].replace(".", "/")
        folder = Path(self.directory)
        found = [
            f"{module}.py is in the folder {path.relative_to(folder).parts[0]} of the package, "
            "and Lambda looks for it at the top"
            for path in sorted(folder.glob(f"*/{glob.escape(module)}.py"))[:1]
            if module and not any(folder.glob(f"{glob.escape(module)}*"))
        ]
        found += [
            f"{layer} has no folder python, so nothing in it can be imported"
            for layer in self._layers
            if _USED.isdisjoint(top_names(layer))
        ]
        return found

    def variables(self, inherited: Mapping[str, str], own: Mapping[str, str]) -> dict[str, str]:
        """Return all variables; `own` are the function's, which a runtime in Lambda would see.

        A search path of the function's own replaces the one with the layers, as in Lambda. Layers
        that have changed are laid over one another again. Raises UsageError if they cannot be.
        """
        try:
            self._lay_layers()
        except (PackageError, OSError) as error:
            raise UsageError(f"--layer: {error}") from None
        variables = {**inherited, **own}
        for name, folders in self._search_paths().items():
            if name not in own:
                given = [variables[name]] if variables.get(name) else []
                ordered = [*folders, *given] if name == "PYTHONPATH" else [*given, *folders]
                variables[name] = os.pathsep.join(ordered)
        wrapper = variables.get(_WRAPPER, "")
        if wrapper.startswith(_OPT):
            variables[_WRAPPER] = str(self.opt / wrapper.removeprefix(_OPT))
        return variables

    def _search_paths(self) -> dict[str, list[str]]:
        python, code = self.opt / "python", self.directory
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return {
            "PYTHONPATH": [str(python / "lib" / version / "site-packages"), str(python)],
            "PATH": [str(self.opt / "bin")],
            "LD_LIBRARY_PATH": [code, os.path.join(code, "lib"), str(self.opt / "lib")],
        }

    def _unpacked(self, code: Path) -> Path:
        folder = Path(self._workspace.name, "task").resolve()
        folder.mkdir()
        unpack(code, folder)
        return folder

    def _lay_layers(self) -> None:
        """Lay the layers in a new folder if they have changed: the old one may be in use."""
        state = tuple(entry for layer in self._layers for entry in _state(layer))
        if state == self._laid:
            return
        self._number += 1
        self.opt.mkdir()
        lay_over(self._layers, self.opt)
        self._laid = state


def _state(layer: Path) -> list[tuple[str, int, int]]:
    """Return what differs when a layer has changed: the names, times and sizes of its files."""
    found = [str(layer)]
    if layer.is_dir():
        found = sorted(os.path.join(at, name) for at, _, names in os.walk(layer) for name in names)
    states = [(path, os.lstat(path)) for path in found]
    return [(path, state.st_mtime_ns, state.st_size) for path, state in states]
