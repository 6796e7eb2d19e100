from __future__ import annotations

import re

import lambda_ric
from tests.support.command import run_command


def test_the_version_is_one_that_pip_can_order() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+|(a|b|rc)\d+)?", lambda_ric.__version__)


def test_the_command_line_prints_the_version() -> None:
    done = run_command("--version")
    assert (done.returncode, done.stdout) == (0, f"lambda-ric {lambda_ric.__version__}\n")
