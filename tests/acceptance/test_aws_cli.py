"""The AWS command line, used as our banner and documentation say."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lambda_ric.testing import Emulator
from tests.acceptance.others import prepared
from tests.conftest import Require
from tests.support.paths import EMULATED_HANDLERS

Aws = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(name="aws")
def _aws(tmp_path: Path, require: Require) -> Iterator[Aws]:
    """`aws("invoke", …)` runs `aws lambda invoke …`; the payload lands in `tmp_path / "out"`."""
    program = prepared() / "awscli" / "bin" / "aws"
    require(program.exists(), "pip did not install awscli")
    with Emulator("app.handler", cwd=EMULATED_HANDLERS) as emulator:

        def run(operation: str, *arguments: str) -> subprocess.CompletedProcess[str]:
            command = [str(program), "lambda", operation, "--endpoint-url", emulator.url]
            common = ["--no-sign-request", "--region", "eu-west-1"]
            return subprocess.run(
                [*command, *common, *arguments],
                cwd=tmp_path,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )

        yield run


def test_invoke(aws: Aws, tmp_path: Path) -> None:
    done = aws("invoke", "--function-name", "f", "--payload", '{"keep": 1}', "out")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"StatusCode": 200, "ExecutedVersion": "$LATEST"}
    assert json.loads((tmp_path / "out").read_text())["event"] == {"keep": 1}


def test_function_errors_and_the_log_are_shown(aws: Aws) -> None:
    event = ("--function-name", "f", "--payload", '{"fail": "no"}')
    done = aws("invoke", *event, "--log-type", "Tail", "out")
    answer = json.loads(done.stdout)
    assert answer["FunctionError"] == "Unhandled"
    assert answer["LogResult"]


def test_event_and_dry_run(aws: Aws) -> None:
    for kind, status in (("Event", 202), ("DryRun", 204)):
        done = aws("invoke", "--function-name", "f", "--invocation-type", kind, "out")
        assert json.loads(done.stdout)["StatusCode"] == status


def test_a_script_can_wait_for_a_function_and_look_at_it(aws: Aws) -> None:
    name = ("--function-name", "f")
    done = aws("wait", "function-active-v2", *name)
    assert done.returncode == 0, done.stderr
    found = json.loads(aws("get-function", *name).stdout)
    assert found["Configuration"]["State"] == "Active"
    (listed,) = json.loads(aws("list-functions").stdout)["Functions"]
    assert listed["FunctionName"] == "test_function"


def test_refusals_have_the_names_of_the_service(aws: Aws) -> None:
    done = aws("invoke", "--function-name", "f", "--payload", "{no json", "out")
    assert done.returncode != 0
    assert "InvalidRequestContentException" in done.stderr
