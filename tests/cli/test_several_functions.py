"""--function NAME=module.handler, and functions that invoke each other."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambda_ric.testing import InvokeRefused
from tests.support.command import run_here, running_command

APP = """
import json, os

def caller(event, context):
    import boto3
    answer = boto3.client("lambda").invoke(FunctionName="callee", Payload=json.dumps(event))
    return {"from": answer["Payload"].read().decode()}

def callee(event, context):
    return [context.function_name, event]
"""

FUNCTIONS = ("--function", "caller=app.caller", "--function", "callee=app.callee")
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


@pytest.mark.slow
def test_a_function_invokes_another_through_boto3(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    with running_command(
        "run", *FUNCTIONS, "--port", "0", cwd=tmp_path, env=CREDENTIALS
    ) as command:
        result = command.invoke({"a": 1}, "caller")
        assert result.payload == {"from": '["callee", {"a": 1}]'}


def test_an_unknown_name_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    with running_command("run", *FUNCTIONS, "--port", "0", cwd=tmp_path) as command:
        with pytest.raises(InvokeRefused, match="served here: callee, caller") as caught:
            command.invoke({}, "calle")
        assert (caught.value.status, caught.value.error_type) == (404, "ResourceNotFoundException")
        assert "lambda-ric serves caller (app.caller), callee (app.callee)" in command.log


def test_one_named_function_answers_only_to_its_name(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    with running_command("run", *FUNCTIONS[2:], "--port", "0", cwd=tmp_path) as command:
        assert command.invoke({}, "callee").payload == ["callee", {}]
        with pytest.raises(InvokeRefused, match="served here: callee"):
            command.invoke({}, "function")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--function", "a=app.b", "--function", "a=app.c"), "two functions have the same name"),
        (("--function", "a=app.b", "app.c"), "--function replaces the handler argument"),
        (("--function", "a=app.b", "--name", "c"), "--function replaces the handler argument"),
        ((*FUNCTIONS, "--event", "{}"), "--event invokes one function"),
        (("--function", "app.handler"), "'app.handler' is not NAME=MODULE.HANDLER"),
    ],
)
def test_contradicting_options_are_wrong_usage(
    tmp_path: Path, arguments: tuple[str, ...], problem: str
) -> None:
    done = run_here("run", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1
