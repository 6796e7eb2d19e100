"""The local Lambda: it answers as the service does, and runs functions as child processes.

It shares the wire with the runtime and nothing more, since it is the judge of it. `Service` is the
whole of it, to be run in any event loop; `FunctionConfig` says what it serves.
"""

from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import Outcome
from lambda_ric.emulator.log.printer import Console
from lambda_ric.emulator.service import Listening, Service

__all__ = ["Console", "FunctionConfig", "Listening", "Outcome", "Service"]
