"""A loader of modules that announces when it has loaded one.

It implements `importlib.abc.Loader` but does not derive from it: importing that class would cost
more than importing `logging`, for which this loader exists.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.abc import Loader
    from importlib.machinery import ModuleSpec
    from types import ModuleType


class AnnouncingLoader:
    """Loads a module as its own loader does, and calls a function after that."""

    def __init__(self, loader: Loader, announce: Callable[[], None]) -> None:
        self._loader = loader
        self._announce = announce

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Delegate to the module's loader."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, give it its own loader back, and call the function."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:  # pragma: no branch - imports set it
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._announce()
