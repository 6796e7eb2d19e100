from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lambda_ric.cli.interpreter_options import interpreter_options
from tests.support.processes import environment


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("-m lambda_ric app.handler -O", ""),
        ("-O -m lambda_ric", "-O"),
        ("-OO -u -m lambda_ric", "-O -O -u"),
        ("-W error -X dev -m lambda_ric", "-W error -X dev"),
        ("-Werror -Xdev -bbmlambda_ric", "-W error -X dev -b -b"),
        ("-Im lambda_ric", "-I"),
        ("-i -O /bin/lambda-ric app.handler", "-O"),
        ("--check-hash-based-pycs always -B /bin/lambda-ric", "--check-hash-based-pycs always -B"),
    ],
)
def test_options_stand_before_the_program(words: str, options: str) -> None:
    assert interpreter_options(["python", *words.split()]) == tuple(options.split())


def test_the_function_runs_with_the_options_of_the_command(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "import sys\n"
        "def handler(event, context):\n"
        "    return [sys.flags.optimize, sys.warnoptions, sys.flags.dev_mode, sys._xoptions]\n"
    )
    options = ("-O", "-W", "ignore::UserWarning", "-X", "dev")
    done = subprocess.run(
        [sys.executable, *options, "-m", "lambda_ric", "app.handler", "--event", "{}"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    optimize, warnings, dev_mode, x_options = json.loads(done.stdout)
    assert (optimize, dev_mode, x_options) == (1, True, {"dev": True})
    assert "ignore::UserWarning" in warnings
