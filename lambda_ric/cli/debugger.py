"""`--debug`: the function's process listens for a debugger that speaks debugpy's protocol."""

from __future__ import annotations

import json
import socket
import sys
from importlib.util import find_spec

from lambda_ric.cli.interpreter_options import interpreter_options
from lambda_ric.cli.parser import UsageError

DEBUG_PORT = 5_678
"""The port that editors propose for debugpy."""

DEBUG_SECONDS = 86_400.0
"""The time limit for everything during a debugging session, in effect none."""


def debugged_command(handler: str, host: str, port: int) -> tuple[str, ...]:
    """Return the command of a process that listens for a debugger before it loads the handler.

    Raises UsageError if debugpy is not installed.
    """
    if find_spec("debugpy") is None:
        raise UsageError("--debug needs debugpy in the function's environment: pip install debugpy")
    # Frozen modules of the standard library have no lines to stop at.
    frozen = ("-X", "frozen_modules=off") if sys.version_info >= (3, 11) else ()
    module = ("-m", "lambda_ric.cli.debuggee", f"{host}:{port}", handler)
    return (sys.executable, *interpreter_options(), *frozen, *module)


def port_or_free(port: int) -> int:
    """Return the port, or a free one for 0: editors must know the number in advance."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return port or int(probe.getsockname()[1])


def launch_json(name: str, port: int, remote_root: str | None) -> str:
    """Return VS Code's launch configuration; `remote_root` is the code's folder in a container."""
    configuration: dict[str, object] = {
        "name": f"lambda-ric: {name}",
        "type": "debugpy",
        "request": "attach",
        "connect": {"host": "localhost", "port": port},
    }
    if remote_root is not None:
        mapping = {"localRoot": "${workspaceFolder}", "remoteRoot": remote_root}
        configuration["pathMappings"] = [mapping]
    return json.dumps(configuration)
