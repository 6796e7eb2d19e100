"""The error for a file in which executions cannot be kept."""

from __future__ import annotations


class StateError(Exception):
    """Executions cannot be kept in a file; the message says why."""

    def __init__(self, path: str, error: Exception) -> None:
        super().__init__(f"cannot keep executions in {path}: {error}")
