"""Runtimes as real processes: nothing of this one's environment that could play a part."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from lambda_ric.testing import RuntimeApi

ROOT = Path(__file__).parents[1]
HANDLERS = ROOT / "tests" / "handlers"

PATIENCE = 30
"""How long a process may take to end, in seconds, when it must."""


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The variables of a runtime's process."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **more}


@contextmanager
def running(
    api: RuntimeApi, handler: str, *, runtime: str = "lambda_ric", **environ: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A runtime that is killed in the end."""
    with subprocess.Popen(
        [sys.executable, "-m", runtime, *([handler] if handler else [])],
        cwd=HANDLERS,
        env=environment({"AWS_LAMBDA_RUNTIME_API": api.address, **environ}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ending(process: subprocess.Popen[bytes]) -> tuple[int, bytes, bytes]:
    """Wait for a process that ends by itself; return its exit code, stdout and stderr."""
    stdout, stderr = process.communicate(timeout=PATIENCE)
    return process.returncode, stdout, stderr


def ended(
    api: RuntimeApi, handler: str, *, runtime: str = "lambda_ric", **environ: str
) -> tuple[int, bytes, bytes]:
    """Run a runtime that ends by itself; return its exit code, stdout and stderr."""
    with running(api, handler, runtime=runtime, **environ) as process:
        return ending(process)


def is_one_line(text: bytes) -> bool:
    """Whether this is how the runtime says in one line why it ends."""
    return text.startswith(b"lambda-ric: ") and text.endswith(b"\n") and text.count(b"\n") == 1
