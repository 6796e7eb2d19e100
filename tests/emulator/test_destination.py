"""Which destinations there are, and which are refused before anything is served."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lambda_ric.emulator import Service
from lambda_ric.emulator.destination import Destination, DestinationKind, parse_destination
from lambda_ric.emulator.function import DurableConfig, FunctionConfig
from lambda_ric.testing import Emulator
from tests.support.command import run_command
from tests.support.paths import ROOT


@pytest.mark.parametrize(
    ("text", "kind", "target", "region"),
    [
        ("keeper", "function", "keeper", None),
        ("keeper:live", "function", "keeper", None),
        ("arn:aws:lambda:us-east-1:012345678912:function:keeper", "function", "keeper", None),
        ("arn:aws:sqs:eu-west-1:123456789012:records", "sqs", None, "eu-west-1"),
        ("arn:aws-cn:sns:cn-north-1:123456789012:records", "sns", None, "cn-north-1"),
        ("http://localhost:9324/000000000000/records", "sqs", None, None),
        ("https://sqs.eu-west-1.amazonaws.com/123456789012/records", "sqs", None, "eu-west-1"),
        ("https://eu-west-1.queue.amazonaws.com/123456789012/r", "sqs", None, "eu-west-1"),
    ],
)
def test_destinations_are_told_apart(
    text: str, kind: str, target: str | None, region: str | None
) -> None:
    expected = Destination(DestinationKind(kind), target or text, region)
    assert parse_destination(text) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("arn:aws:s3:::bucket", "is not a destination: the name of a function here, the URL or"),
        ("arn:aws:events:eu-west-1:123456789012:event-bus/b", "is not a destination"),
        ("two words", "is not a destination"),
        ("http://localhost", "is not a destination"),
        ("arn:aws:sqs:eu-west-1:123456789012:records.fifo", "is FIFO; destinations are standard"),
    ],
)
def test_what_cannot_be_sent_to_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_destination(text)


DURABLE = DurableConfig()


@pytest.mark.parametrize(
    ("functions", "problem"),
    [
        ([FunctionConfig("a", on_failure="b")], "the destination 'b' is not served; there is a"),
        ([FunctionConfig("a", on_success="a")], "a: you can't specify the function as a destin"),
        (
            [FunctionConfig("a", on_success="b"), FunctionConfig("b", durable=DURABLE)],
            "the destination 'b' is durable",
        ),
        (
            [FunctionConfig("a", on_success="b", durable=DURABLE), FunctionConfig("b")],
            "a: durable functions have no destinations",
        ),
    ],
)
def test_destinations_that_do_not_fit_are_refused(
    functions: list[FunctionConfig], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Service(functions)


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ({"maximum_retry_attempts": 3}, "maximum retry attempts are 0 to 2"),
        ({"maximum_event_age": 59}, "a maximum event age is 60 to 21600 seconds"),
        ({"on_failure": "keeper"}, "the destination 'keeper' is not served"),
    ],
)
def test_the_test_kit_refuses_them_before_it_starts(
    option: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        Emulator("app.handler", **option)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--on-failure", "b"], "the destination 'b' is not served; there is test_function"),
        (["--on-success", "two words"], "argument --on-success: 'two words' is not a destination"),
        (["--maximum-retry-attempts", "3"], "'3' is not a number from 0 to 2"),
        (["--maximum-event-age", "1"], "'1' is not a number of seconds from 60 to 21600"),
        (["--function", "b=app.handler,on-failure=c"], "the destination 'c' is not served"),
    ],
)
def test_the_command_line_explains_wrong_options(arguments: list[str], problem: str) -> None:
    handler = [] if "--function" in arguments else ["app.handler"]
    done = run_command("run", *handler, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr


def test_a_queue_needs_botocore(tmp_path: Path) -> None:
    """An interpreter in which botocore cannot be found stands for one without it."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['botocore'] = None\n")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    arn = "arn:aws:sqs:eu-west-1:123456789012:records"
    done = run_command("run", "app.handler", "--on-failure", arn, PYTHONPATH=path)
    assert done.returncode == 2
    assert done.stderr.endswith(
        f"the destination {arn}: it needs botocore: pip install 'lambda-ric[destinations]'\n"
    )
