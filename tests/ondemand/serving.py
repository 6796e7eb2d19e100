"""A runtime that serves one of the functions beside this file, under a scripted Runtime API."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lambda_ric.testing import Answer, RecordedRequest, RuntimeApi
from lambda_ric.testing.recording import PATIENCE
from lambda_ric.testing.runtime_api import Step

ROOT = Path(__file__).parents[2]
FUNCTIONS = Path(__file__).with_name("functions")


def environment(api: RuntimeApi, **more: str) -> dict[str, str]:
    """The variables of a runtime's process: nothing of this one's that could play a part."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "AWS_LAMBDA_RUNTIME_API": api.address,
        **more,
    }


class Serving:
    """A running runtime and its Runtime API."""

    def __init__(self, api: RuntimeApi, process: subprocess.Popen[bytes], log: Path) -> None:
        self.api = api
        self.process = process
        self._log = log

    @property
    def log(self) -> str:
        """What has been written to standard output and error so far."""
        return self._log.read_bytes().decode("utf-8", "replace")

    def posts(self, count: int) -> list[RecordedRequest]:
        """Wait until so many results and errors have arrived, and return all."""
        self.until(lambda: len(self.api.posts) >= count or self.process.poll() is not None)
        posts = self.api.posts
        assert len(posts) >= count, f"it has ended; log:\n{self.log}"
        return posts

    def result(self) -> Any:
        """Wait for the first result and return its value."""
        return self.posts(1)[0].json()

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds that makes no event in this process: a log, a process."""
        limit = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > limit:
                raise TimeoutError(f"awaited in vain; log:\n{self.log}")
            time.sleep(0.01)

    def until_logged(self, *texts: str) -> str:
        """Wait until the texts stand in the log, and return all of it."""
        self.until(lambda: all(text in self.log for text in texts))
        return self.log

    def terminate(self) -> int:
        """Send SIGTERM as Lambda does, and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.exit_code()

    def exit_code(self) -> int:
        """Wait for the end of the process, and return its exit code."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise TimeoutError(f"it goes on; log:\n{self.log}") from None


@contextmanager
def serving(
    handler: str,
    script: Iterable[Step] = (),
    *,
    posts: Iterable[Answer | int] = (),
    environ: Mapping[str, str] | None = None,
    python: Sequence[str] = (),
    hold_restore: bool = False,
    cwd: Path = FUNCTIONS,
    pass_fds: Sequence[int] = (),
) -> Iterator[Serving]:
    """Start the runtime, and kill it and its children at the end."""
    with (
        RuntimeApi(script, posts=posts, hold_restore=hold_restore) as api,
        tempfile.TemporaryDirectory() as folder,
        Path(folder, "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, *python, "-m", "lambda_ric", handler],
            cwd=cwd,
            env=environment(api, **(environ or {})),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=pass_fds,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield Serving(api, process, Path(log.name))
        finally:
            kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that leads a session of its own, and its children with it."""
    process.kill()
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
