"""Attributes of other people's modules and classes that are replaced for a while."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType


class Replacements:
    """What is replaced, until `undo`."""

    def __init__(self) -> None:
        self._made: list[tuple[ModuleType | type, str, object, object]] = []

    def make(self, owner: ModuleType | type, name: str, ours: object) -> None:
        """Set an attribute, which the owner need not have."""
        self._made.append((owner, name, ours, vars(owner).get(name)))
        setattr(owner, name, ours)

    def undo(self) -> None:
        """Leave all as it was, except where somebody else has replaced ours."""
        for owner, name, ours, before in self._made:
            if vars(owner).get(name) is not ours:
                continue
            if before is None:
                delattr(owner, name)
            else:
                setattr(owner, name, before)
