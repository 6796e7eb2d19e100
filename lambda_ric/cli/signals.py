"""The signals by which the command line is asked to end."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable


def on_termination(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    """Call back when the program is asked to end, by Ctrl-C or by SIGTERM."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(callback))
        else:
            loop.add_signal_handler(number, callback)
