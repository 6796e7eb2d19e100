"""Sets up `logging` at the moment it is imported, so functions that never log pay nothing."""

from __future__ import annotations

import sys

from lambda_ric.runtime import doors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


def on_import_of_logging(configure: Callable[[], None]) -> None:
    """Call `configure` once `logging` is imported, or now if it already is."""
    if "logging" in sys.modules:
        configure()
    else:
        sys.meta_path.insert(0, _Finder(configure))


class _Finder:
    """Finds `logging` in its usual place, with a loader that announces its import."""

    def __init__(self, configure: Callable[[], None]) -> None:
        self._configure = configure

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of `logging`, and None for any other module."""
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        for finder in sys.meta_path:
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                if spec.loader is not None:
                    spec.loader = doors.announcing_loader(spec.loader, self._configure)
                return spec
        return None
