"""The base of `LambdaContext` for type checkers that do not find Powertools."""

from __future__ import annotations


class LambdaContext:
    """Stands where Powertools' class of contexts would."""
