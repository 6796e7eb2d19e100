"""The package `awslambdaric`, as functions find it under this runtime.

It replaces AWS's package even if that is installed: AWS's client does not run here, so a tool's
replacements in it would never be called. A module of AWS's without a counterpart here comes from
AWS's package, if it is installed.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

VERSION = "4.2.2"
"""The version of AWS's client whose names and arguments these are."""

_PACKAGE = "awslambdaric"

_MODULES = {
    "bootstrap": "bootstrap",
    "lambda_concurrency_hooks": "concurrency_hooks",
    "lambda_context": "context",
    "lambda_runtime_client": "client",
    "lambda_runtime_exception": "exceptions",
    "lambda_runtime_log_utils": "log_utils",
    "lambda_runtime_marshaller": "marshaller",
}
"""AWS's name of each module, and ours."""

_ON_THE_WAY = ("bootstrap", "lambda_runtime_client", "lambda_runtime_marshaller")
"""The modules with seams: once one is imported, each invocation goes through them."""


def spec(installed: ModuleSpec | None) -> ModuleSpec:
    """Return the spec of the package; `installed` is that of AWS's package, where there is one."""
    package = ModuleSpec(_PACKAGE, _Package(), is_package=True)  # type: ignore[arg-type]
    if installed is not None and installed.submodule_search_locations is not None:
        package.submodule_search_locations = installed.submodule_search_locations
    return package


class _Package:
    """Loads the package itself, which holds no more than a version."""

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to the import system."""

    def exec_module(self, module: ModuleType) -> None:
        """Let the modules of the package be found."""
        module.__version__ = VERSION  # type: ignore[attr-defined]
        import_module("logging")  # it is set up by modules that must not be half loaded then
        sys.meta_path.insert(0, _Finder)


class _Finder:
    """Finds the modules of the package that have a counterpart here."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module of the package, and None for any other module."""
        package, _, module = name.partition(".")
        if package != _PACKAGE or module not in _MODULES:
            return None
        return ModuleSpec(name, _Counterpart(module))  # type: ignore[arg-type]


class _Counterpart:
    """Loads our module instead of AWS's: one module under two names."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._spec: ModuleSpec | None = None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return our module."""
        module = import_module(f"{__package__}.{_MODULES[self._name]}")
        self._spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Give the module its own spec back, and let invocations go through it."""
        module.__spec__ = self._spec
        if self._name in _ON_THE_WAY:
            import_module(f"{__package__}.loop").take_over()
