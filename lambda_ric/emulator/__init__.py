"""The local Lambda: it answers as the service does, and runs functions as child processes.

It shares only `wire` with the runtime, because it tests the runtime from outside. `Service` runs in
any event loop; `FunctionConfig` configures a function. A name is imported when it is first used:
the configuration of a function is useful without a server.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambda_ric.emulator.api_errors import ApiError as ApiError
    from lambda_ric.emulator.function import FunctionConfig as FunctionConfig
    from lambda_ric.emulator.invoke import Outcome as Outcome
    from lambda_ric.emulator.listening import Listening as Listening
    from lambda_ric.emulator.log.printer import Console as Console
    from lambda_ric.emulator.log.printer import LogPrinter as LogPrinter
    from lambda_ric.emulator.service import Service as Service

_HOMES = {
    "ApiError": "api_errors",
    "Console": "log.printer",
    "FunctionConfig": "function",
    "Listening": "listening",
    "LogPrinter": "log.printer",
    "Outcome": "invoke",
    "Service": "service",
}

__all__ = [
    "ApiError",
    "Console",
    "FunctionConfig",
    "Listening",
    "LogPrinter",
    "Outcome",
    "Service",
]


if not TYPE_CHECKING:  # a type checker would take any name for one that is there

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
