"""The options of a function: for all functions, and for one of several."""

from __future__ import annotations

from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from lambda_ric.cli.function_options import named_function
from tests.support.command import run_here, running_command

APP = """
import os

def handler(event, context):
    left = context.get_remaining_time_in_millis()
    return [context.memory_limit_in_mb, left, os.environ["COLOUR"]]
"""


def test_a_function_has_options_of_its_own() -> None:
    function = named_function("a=app.b,timeout=5,memory=256,throttle,no-memory-limit,env-file=x")
    assert (function.name, function.handler, function.env_files) == ("a", "app.b", ("x",))
    assert function.options == {
        "timeout": 5.0,
        "memory": 256,
        "throttle": True,
        "limit_memory": False,
    }


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("timeot=5", "'timeot' is not an option of a function; did you mean timeout?"),
        ("name=b", "'name' is not an option of a function; there are timeout, snapstart, memory"),
        ("timeout", "timeout takes a value: timeout=S"),
        ("throttle=1", "throttle takes no value"),
        ("memory=1", "'1' is not a number of MB"),
    ],
)
def test_a_wrong_option_of_a_function_is_explained(words: str, problem: str) -> None:
    with pytest.raises(ArgumentTypeError) as refused:
        named_function(f"a=app.b,{words}")
    assert problem in str(refused.value)


def test_its_own_options_come_before_those_for_all(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "red").write_text("COLOUR=red\n")
    (tmp_path / "blue").write_text("COLOUR=blue\n")
    arguments = (
        *("--function", "own=app.handler,memory=256,timeout=5,env-file=red"),
        *("--function", "other=app.handler"),
        *("--memory", "512", "--timeout", "9", "--env-file", "blue", "--port", "0"),
    )
    with running_command("run", *arguments, cwd=tmp_path) as command:
        memory, left, colour = command.invoke(function="own").payload
        assert (memory, colour) == ("256", "red")
        assert 0 < left <= 5_000
        memory, left, colour = command.invoke(function="other").payload
        assert (memory, colour) == ("512", "blue")
        assert 5_000 < left <= 9_000


def test_the_help_shows_the_defaults_of_the_configuration() -> None:
    shown = " ".join(run_here("run", "--help").stdout.split())
    assert "(default: $AWS_LAMBDA_FUNCTION_TIMEOUT, else 300)" in shown
    assert "(default: $AWS_LAMBDA_FUNCTION_MEMORY_SIZE, else 3008)" in shown
    assert "further invokes wait (default: 10)" in shown
