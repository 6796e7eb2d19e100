"""The command line: as a process, to its end or while it serves, and in this process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

from lambda_ric.caller.invoke_api import encode_event
from lambda_ric.cli.main import main
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


def run_here(
    *arguments: str | Path, cwd: Path = ROOT, stdin: str = "", **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run it in this process, where only what it says is of interest: that is several times faster.

    What it starts are processes of their own, as ever.
    """
    streams = [TextIOWrapper(BytesIO(data), "utf-8") for data in (stdin.encode(), b"", b"")]
    before = sys.stdin, sys.stdout, sys.stderr
    with _surroundings(cwd, environment(**environ)):
        sys.stdin, sys.stdout, sys.stderr = streams
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse's own, after --help
            code = int(end.code or 0)
        finally:
            sys.stdin, sys.stdout, sys.stderr = before
    written = []
    for stream in streams[1:]:
        stream.seek(0)
        written.append(stream.read())
    return subprocess.CompletedProcess(arguments, code, *written)


@contextmanager
def _surroundings(folder: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Give this process another folder and other variables for a while."""
    folder_before, variables_before = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.chdir(folder_before)
        os.environ.clear()
        os.environ.update(variables_before)


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
