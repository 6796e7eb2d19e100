"""AWS_LAMBDA_EXEC_WRAPPER: a program that starts the runtime, after it has prepared things.

In AWS's base images a shell script does this for their own client. An image that starts this
runtime directly has no such script, so the runtime does it itself. As there, the handler stands in
`_HANDLER`, which the wrapper may change, and the command has two words: Python and a file. Wrappers
count on that when they add options of Python. (Source: "Modifying the runtime environment" in the
AWS Lambda developer guide, and the wrapper that it shows.)
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.runtime.settings import Settings

HANDLER_VARIABLE = "_HANDLER"
LOG_PIPE_VARIABLE = "_LAMBDA_TELEMETRY_LOG_FD"

_DONE = "_LAMBDA_RIC_EXEC_WRAPPED"
"""Set to the handler for the runtime that the wrapper starts: it must not start the wrapper."""

_PROGRAM = os.path.join(os.path.dirname(__file__), "wrapped.py")


def run(settings: Settings) -> None:
    """Become the wrapper, which starts this runtime. Return if it has been run already.

    A handler that the wrapper has chosen is the one of the settings then. Exits with 127 if the
    wrapper does not exist, and with 126 if it cannot be executed.
    """
    handler_before = os.environ.pop(_DONE, None)
    if handler_before is not None:
        chosen = os.environ.get(HANDLER_VARIABLE, "")
        if chosen not in ("", handler_before):
            settings.handler = chosen
        return
    wrapper = settings.exec_wrapper
    if not os.path.isfile(wrapper):
        _refuse(f"{wrapper}: does not exist", 127)
    if not os.access(wrapper, os.X_OK):
        _refuse(f"{wrapper}: is not an executable", 126)
    if settings.telemetry_fd is not None:  # the settings have taken it out of the environment
        os.environ[LOG_PIPE_VARIABLE] = str(settings.telemetry_fd)
    os.environ[_DONE] = os.environ[HANDLER_VARIABLE] = settings.handler
    try:
        os.execv(wrapper, [wrapper, sys.executable, *_options_of_python(), _PROGRAM])
    except OSError as error:
        _refuse(f"{wrapper}: cannot be executed: {error.strerror}", 126)


def _options_of_python() -> list[str]:
    """Return what stands between Python and the program that it runs, a module or a script."""
    words = sys.orig_argv[1:]
    for program in ("-m", sys.argv[0]):
        if program in words:
            return words[: words.index(program)]
    return []


def _refuse(message: str, code: int) -> None:
    print(message, file=sys.stderr)
    sys.exit(code)
