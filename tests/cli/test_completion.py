from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_ric.cli.candidates import SHELLS
from lambda_ric.cli.main import COMMANDS
from lambda_ric.testing.events import CATALOGUE
from tests.conftest import Require
from tests.support.command import run_here
from tests.support.paths import ROOT

APP = """
def handler(event, context): ...
async def other(event, context): ...
def helper(event): ...
def _hidden(event, context): ...
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a handler, and a lambda-ric on the path that is this checkout's."""
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "broken.py").write_text("def handler(")
    program = tmp_path / "bin" / "lambda-ric"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m lambda_ric "$@"\n'
    )
    program.chmod(0o755)
    return tmp_path


def complete(project: Path, *words: str) -> list[str]:
    done = run_here("completion", "--words", *words, cwd=project)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.split()


def test_the_first_word_is_a_command_or_a_handler(project: Path) -> None:
    expected = sorted([*COMMANDS, "--help", "--version", "app.handler", "app.other"])
    assert complete(project, "") == expected
    assert complete(project, "app.") == ["app.handler", "app.other"]
    assert complete(project, "doctor", "app.o") == ["app.other"]


def test_actions_and_their_options_are_completed(project: Path) -> None:
    assert complete(project, "callback", "") == ["fail", "heartbeat", "succeed"]
    assert complete(project, "executions", "s") == ["show", "stop"]
    assert "--status" in complete(project, "executions", "list", "--")
    assert "--status" not in complete(project, "executions", "stop", "--")


def test_samples_are_completed_for_event_and_invoke(project: Path) -> None:
    services = sorted({sample.service for sample in CATALOGUE})
    assert complete(project, "event", "") == services
    assert complete(project, "event", "sqs", "") == ["fifo", "message", "sns"]
    assert complete(project, "event", "sqs", "fifo", "") == []
    assert complete(project, "invoke", "--sample", "s3/") == [
        "s3/batch",
        "s3/delete",
        "s3/object-lambda",
        "s3/put",
    ]


def test_options_are_those_of_the_command(project: Path) -> None:
    assert complete(project, "invoke", "--s") == ["--sample", "--set", "--stream"]
    assert complete(project, "event", "sqs", "--") == ["--compact", "--help", "--set"]
    assert "--port" in complete(project, "app.handler", "--p")
    assert complete(project, "doctor", "app.handler", "--j") == ["--json"]


def test_files_are_left_to_the_shell(project: Path) -> None:
    assert complete(project, "invoke", "-e", "") == []


def test_bash_completes_with_its_script(project: Path, require: Require) -> None:
    require(shutil.which("bash"), "bash is not here")
    script = """
        eval "$(lambda-ric completion bash)"
        COMP_WORDS=(lambda-ric event sq); COMP_CWORD=2; _lambda_ric; echo "${COMPREPLY[*]}"
        COMP_WORDS=(lambda-ric app.h); COMP_CWORD=1; _lambda_ric; echo "${COMPREPLY[*]}"
        complete -p lambda-ric
    """
    path = f"{project / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=project,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "sqs",
        "app.handler",
        "complete -o default -F _lambda_ric lambda-ric",
    ]


@pytest.mark.parametrize("shell", [shell for shell in SHELLS if shutil.which(shell)])
def test_a_shell_that_is_here_understands_its_script(shell: str, project: Path) -> None:
    script = run_here("completion", shell).stdout.encode()
    checked = subprocess.run([shell, "-n"], input=script, capture_output=True, timeout=30)
    assert (checked.returncode, checked.stderr) == (0, b"")


def test_an_unknown_shell_is_one_clear_line(project: Path) -> None:
    done = run_here("completion", "tcsh")
    assert done.returncode == 2
    assert "invalid choice: 'tcsh'" in done.stderr
    assert done.stderr.count("\n") == 1
