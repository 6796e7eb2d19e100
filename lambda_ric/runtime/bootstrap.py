"""Starts the runtime: settings, handler, loop."""

from __future__ import annotations

import sys


def run(arguments: list[str]) -> None:
    """Serve the invocations of the Runtime API until the execution environment ends."""
    sys.exit(f"lambda-ric: cannot serve {arguments} yet")
