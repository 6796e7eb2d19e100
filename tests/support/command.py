"""The command line as a process, to its end or while it serves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lambda_ric.caller.invoke_api import encode_event
from lambda_ric.testing import InvokeRequest, InvokeResult, LambdaClient
from tests.support.paths import ROOT
from tests.support.processes import RunningProcess, environment, started

COMMAND = (sys.executable, "-m", "lambda_ric")


def run_command(
    *arguments: str | Path, cwd: Path = ROOT, stdin: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run `lambda-ric` to its end, as a person types it."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**environ),
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


class RunningCommand(RunningProcess):
    """A running `lambda-ric` that serves."""

    @property
    def url(self) -> str:
        """The address that it says it listens on."""
        address = self.wait_for(r"listening on (\S+)\n")[1]
        return f"http://{address.replace('0.0.0.0', '127.0.0.1')}"

    def invoke(self, event: Any = None, function: str = "function") -> InvokeResult:
        with LambdaClient(self.url) as client:
            return client.invoke(InvokeRequest(encode_event(event or {}), function))


@contextmanager
def running_command(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, merged: bool = True
) -> Iterator[RunningCommand]:
    """Start `lambda-ric`, and terminate it at the end.

    Its two streams are one text, in the order of writing, unless they are not to be `merged`.
    """
    env = environment(PYTHONUNBUFFERED="1", **(env or {}))
    with started([*COMMAND, *arguments], cwd, env, merged=merged) as running:
        command = RunningCommand(running.process, *running.files)
        yield command
        if command.process.poll() is None:
            command.terminate()
