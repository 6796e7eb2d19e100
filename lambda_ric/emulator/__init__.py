"""The local Lambda: it answers as the service does, and runs functions as child processes.

It shares the wire with the runtime and nothing more, since it is the judge of it. `Service` is the
whole of it, to be run in any event loop; `FunctionConfig` says what it serves. A name is imported
when it is first asked for: the configuration of a function is of use without a server.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambda_ric.emulator.function import FunctionConfig as FunctionConfig
    from lambda_ric.emulator.invoke import Outcome as Outcome
    from lambda_ric.emulator.log.printer import Console as Console
    from lambda_ric.emulator.service import Listening as Listening
    from lambda_ric.emulator.service import Service as Service

_HOMES = {
    "Console": "log.printer",
    "FunctionConfig": "function",
    "Listening": "service",
    "Outcome": "invoke",
    "Service": "service",
}

__all__ = ["Console", "FunctionConfig", "Listening", "Outcome", "Service"]


if not TYPE_CHECKING:  # a type checker would take any name for one that is there

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
