"""Loads a handler in a separate process, with a bundle or without, and prints the CPU seconds."""

from __future__ import annotations

import os
import sys
import time

from lambda_ric.ondemand.bundle import open_bundle
from lambda_ric.runtime import collector, handler


def main(name: str, bundle: str = "") -> None:
    """Load the handler as the runtime does."""
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    collector.pause()
    started = time.process_time()
    if bundle:
        open_bundle(bundle)
    handler.load(name)
    sys.stderr.write(f"\n{time.process_time() - started}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
