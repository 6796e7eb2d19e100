"""Functions of which recordings of the real service exist, as they load and as they run."""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LOAD = os.environ.get("LOAD", "")

if LOAD == "exit":
    sys.exit(0)
if LOAD == "raise":
    raise Exception("Runtime startup fails")
if LOAD == "segfault":
    import ctypes

    ctypes.string_at(0)

number = 0
variables = dict(os.environ)


def handler(event: Any, context: Any) -> Any:
    return ACTIONS[event["do"]](event.get("value"), context)


def set_number(value: int, context: Any) -> None:
    global number
    number = value
    with open(_file(), "w") as file:
        file.write(str(value))


def wait(seconds: float, context: Any) -> None:
    time.sleep(seconds)


def _file() -> str:
    return f"/tmp/{os.environ['AWS_LAMBDA_FUNCTION_NAME']}{os.getppid()}"


def _read() -> str:
    with open(_file()) as file:
        return file.read()


def _limits(names: list[str]) -> dict[str, tuple[int, int]]:
    import resource

    return {name: resource.getrlimit(getattr(resource, name)) for name in names}


ACTIONS: dict[str, Any] = {
    "nothing": lambda value, context: None,
    "exit": lambda value, context: sys.exit(0),
    "large": lambda value, context: "x" * value,
    "set": set_number,
    "number": lambda value, context: number,
    "file": lambda value, context: _read(),
    "forget": lambda value, context: os.unlink(_file()),
    "wait": wait,
    "variables": lambda value, context: variables,
    "directory": lambda value, context: os.getcwd(),
    "arn": lambda value, context: context.invoked_function_arn,
    "limits": lambda value, context: _limits(value),
}
