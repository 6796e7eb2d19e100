"""The command line: as a process, to its end or while it serves, and in this process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
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
    given, printed, complained = streams = [_text_file() for _ in range(3)]
    with printed, complained, given, _surroundings(cwd, environment(**environ), streams):
        given.write(stdin)
        given.seek(0)
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse's own, after --help
            code = int(end.code or 0)
        return subprocess.CompletedProcess(arguments, code, _content(printed), _content(complained))


def _text_file() -> TextIOWrapper:
    return TextIOWrapper(tempfile.TemporaryFile(), "utf-8")


def _content(file: TextIOWrapper) -> str:
    file.seek(0)
    return file.read()


@contextmanager
def _surroundings(
    folder: Path, variables: Mapping[str, str], streams: list[TextIOWrapper]
) -> Iterator[None]:
    """Give this process another folder, other variables and other streams for a while."""
    streams_before = sys.stdin, sys.stdout, sys.stderr
    folder_before, variables_before = Path.cwd(), dict(os.environ)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    sys.stdin, sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = streams_before
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
