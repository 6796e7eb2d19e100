"""Reports where a zip function finds things, for comparison between runtimes."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from typing import Any


def handler(event: Any, context: Any) -> dict[str, Any]:
    files = {name: import_module(name).__file__ for name in event["modules"]}
    return {
        "first": sys.path[:3],
        "files": files,
        "task_root": os.environ["LAMBDA_TASK_ROOT"],
        "directory": os.getcwd(),
        "tool": subprocess.run(["layer-tool"], capture_output=True, text=True).stdout,
        "libraries": [
            folder
            for folder in os.environ["LD_LIBRARY_PATH"].split(":")
            if folder.startswith(("/var/task", "/opt"))
        ],
    }


def wrapped(event: Any, context: Any) -> dict[str, Any]:
    return {"wrapper": os.environ["OF_THE_WRAPPER"], "first": sys.path[:3]}
