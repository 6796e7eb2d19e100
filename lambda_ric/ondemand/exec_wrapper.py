"""AWS_LAMBDA_EXEC_WRAPPER: a program that prepares the environment and starts the runtime.

In AWS's base images a shell script does this for their own client. An image that starts this
runtime directly has no such script, so the runtime does it itself (source: "Modifying the runtime
environment" in the AWS Lambda developer guide).
"""

from __future__ import annotations

import os
import sys

_DONE = "_LAMBDA_RIC_EXEC_WRAPPED"
"""Set for the runtime that the wrapper starts, so that it does not start the wrapper again."""


def run(wrapper: str, arguments: list[str]) -> None:
    """Become the wrapper, which starts this runtime; return if it has already run.

    Exits with 127 when it does not exist and with 126 when it is not executable.
    """
    if os.environ.pop(_DONE, None) == wrapper:
        return
    if not os.path.isfile(wrapper):
        _refuse(f"{wrapper}: does not exist", 127)
    if not os.access(wrapper, os.X_OK):
        _refuse(f"{wrapper}: is not an executable", 126)
    os.environ[_DONE] = wrapper
    command = [wrapper, sys.executable, "-m", "lambda_ric", *arguments]
    try:
        os.execv(wrapper, command)
    except OSError as error:
        _refuse(f"{wrapper}: cannot be executed: {error.strerror}", 126)


def _refuse(message: str, code: int) -> None:
    print(message, file=sys.stderr)
    sys.exit(code)
