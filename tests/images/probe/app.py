"""Reports where it runs, for the tests to compare with what Lambda would give it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def handler(event: Any, context: Any) -> dict[str, Any]:
    return {
        "event": event,
        "request_id": context.aws_request_id,
        "python": ".".join(map(str, sys.version_info[:2])),
        "user": [os.getuid(), os.getgid()],
        "writable": [folder for folder in ("/", "/tmp", "/function", "/var/task") if _can(folder)],
        "modules": sorted({"lambda_ric", "awslambdaric"} & set(sys.modules)),
    }


def wrapped(event: Any, context: Any) -> dict[str, Any]:
    return {"wrapped": os.environ["ORIG_HANDLER"], "variable": os.environ["OF_THE_WRAPPER"]}


def _can(folder: str) -> bool:
    """Whether a file can be written; os.access would not see a read-only mount as this user."""
    probe = Path(folder, "probe")
    try:
        probe.write_text("")
        probe.unlink()
    except OSError:
        return False
    return True
