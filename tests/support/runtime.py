"""Runtimes under a scripted Runtime API: in processes of their own, and settings for this one."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from lambda_ric.runtime.settings import Settings
from lambda_ric.testing import Answer, RecordedRequest, RuntimeApi
from lambda_ric.testing.runtime_api import Step
from tests.support.paths import HANDLERS
from tests.support.processes import RunningProcess, environment, started


def settings_for(address: str) -> Settings:
    """Return the settings of a runtime in this process, for a Runtime API at an address."""
    return Settings(["app.handler"], {"AWS_LAMBDA_RUNTIME_API": address})


class Ended(NamedTuple):
    """What a process left that has ended."""

    code: int
    stdout: bytes
    stderr: bytes


class RunningRuntime(RunningProcess):
    """A running runtime and its Runtime API."""

    def __init__(self, api: RuntimeApi, running: RunningProcess) -> None:
        super().__init__(running.process, *running.files)
        self.api = api

    def posts(self, count: int) -> list[RecordedRequest]:
        """Wait until this many results and errors have arrived, and return all."""
        self.until(lambda: len(self.api.posts) >= count or self.process.poll() is not None)
        posts = self.api.posts
        assert len(posts) >= count, f"it has ended; log:\n{self.log}"
        return posts

    def result(self) -> Any:
        """Wait for the first result and return its value."""
        return self.posts(1)[0].json()

    def ended(self) -> Ended:
        """Wait for the end of the process, and return what it left."""
        return Ended(self.exit_code(), self.stdout, self.stderr)


def running_runtime(
    api: RuntimeApi, handler: str = "", *, runtime: str = "lambda_ric", **environ: str
) -> AbstractContextManager[RunningRuntime]:
    """Start a runtime under an API, and kill it and its children at the end."""
    return _running(api, handler, environ, runtime, merged=False)


def run_runtime(
    api: RuntimeApi, handler: str = "", *, runtime: str = "lambda_ric", **environ: str
) -> Ended:
    """Run a runtime that ends by itself."""
    with running_runtime(api, handler, runtime=runtime, **environ) as running:
        return running.ended()


@contextmanager
def serving(
    handler: str,
    script: Iterable[Step] = (),
    *,
    posts: Iterable[Answer | int] = (),
    environ: Mapping[str, str] | None = None,
    python: Sequence[str] = (),
    hold_restore: bool = False,
    cwd: Path = HANDLERS,
    pass_fds: Sequence[int] = (),
) -> Iterator[RunningRuntime]:
    """Start our runtime, and a Runtime API that plays a script for it; it has one log."""
    options = (environ or {}, "lambda_ric", True, python, cwd, pass_fds)
    with (
        RuntimeApi(script, posts=posts, hold_restore=hold_restore) as api,
        _running(api, handler, *options) as runtime,
    ):
        yield runtime


@contextmanager
def _running(
    api: RuntimeApi,
    handler: str,
    environ: Mapping[str, str],
    runtime: str,
    merged: bool,
    python: Sequence[str] = (),
    cwd: Path = HANDLERS,
    pass_fds: Sequence[int] = (),
) -> Iterator[RunningRuntime]:
    command = [sys.executable, *python, "-m", runtime, *([handler] if handler else [])]
    env = environment(**{"AWS_LAMBDA_RUNTIME_API": api.address, **environ})
    with started(command, cwd, env, merged=merged, pass_fds=pass_fds) as running:
        yield RunningRuntime(api, running)


def is_one_line(text: bytes) -> bool:
    """Whether this is how the runtime says in one line why it ends."""
    return text.startswith(b"lambda-ric: ") and text.endswith(b"\n") and text.count(b"\n") == 1
