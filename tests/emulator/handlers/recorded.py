"""Functions of which recordings of the real service exist, as they load and as they run."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

LOAD = os.environ.get("LOAD", "")

if LOAD == "exit":
    sys.exit(0)
if LOAD == "raise":
    raise Exception("Runtime startup fails")
if LOAD == "segfault":
    ctypes.string_at(0)

number = 0
variables = dict(os.environ)


def handler(event: Any, context: Any) -> Any:
    return ACTIONS[event["do"]](event.get("value"), context)


def set_number(value: int, context: Any) -> None:
    global number
    number = value
    _file().write_text(str(value))


def wait(seconds: float, context: Any) -> None:
    time.sleep(seconds)


def _file() -> Path:
    return Path(tempfile.gettempdir(), os.environ["AWS_LAMBDA_FUNCTION_NAME"] + str(os.getppid()))


ACTIONS: dict[str, Any] = {
    "nothing": lambda value, context: None,
    "exit": lambda value, context: sys.exit(0),
    "large": lambda value, context: "x" * value,
    "set": set_number,
    "number": lambda value, context: number,
    "file": lambda value, context: _file().read_text(),
    "forget": lambda value, context: _file().unlink(),
    "wait": wait,
    "variables": lambda value, context: variables,
    "directory": lambda value, context: os.getcwd(),
    "arn": lambda value, context: context.invoked_function_arn,
    "limits": lambda value, context: {
        name: resource.getrlimit(getattr(resource, name)) for name in value
    },
}
