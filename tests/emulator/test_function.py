"""How functions are named."""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

import pytest

from lambda_ric.emulator.function import FunctionConfig, FunctionOptions
from lambda_ric.emulator.function_name import parse_name


def test_every_option_of_the_test_kit_is_one_of_the_configuration() -> None:
    types = get_type_hints(FunctionConfig)
    assert get_type_hints(FunctionOptions).items() <= types.items()
    declared = {option.name for option in fields(FunctionConfig) if option.metadata}
    otherwise = {"version", "extensions"}  # the command line takes them in another way
    assert declared | otherwise == set(FunctionOptions.__annotations__)


@pytest.mark.parametrize(
    ("text", "name", "qualifier"),
    [
        ("f", "f", None),
        ("f:1", "f", "1"),
        ("f:$LATEST", "f", "$LATEST"),
        ("f:live", "f", "live"),
        ("function:f", "f", None),
        ("123456789012:function:f", "f", None),
        ("123456789012:function:f:2", "f", "2"),
        ("us-east-1:123456789012:function:f", "f", None),
        ("us-gov-west-1:123456789012:function:f", "f", None),
        ("arn:aws:lambda:us-east-1:123456789012:function:f", "f", None),
        ("arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:f:live", "f", "live"),
    ],
)
def test_all_forms_of_a_name_are_understood(text: str, name: str, qualifier: str | None) -> None:
    assert parse_name(text) == (name, qualifier)


@pytest.mark.parametrize("text", ["", "a b", "a/b", "f:1:2", "arn:aws:s3:::f", "f:", "x" * 257])
def test_an_invalid_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="functionName"):
        parse_name(text)


def test_a_qualifier_may_be_given_twice_but_not_differ() -> None:
    assert parse_name("f", "1") == ("f", "1")
    assert parse_name("f:1", "1") == ("f", "1")
    with pytest.raises(ValueError, match="does not match"):
        parse_name("f:1", "2")
    with pytest.raises(ValueError, match="qualifier"):
        parse_name("f", "a b")


def test_an_arn_has_a_qualifier_only_if_one_was_used() -> None:
    config = FunctionConfig(name="f", environment={"AWS_DEFAULT_REGION": "eu-west-1"})
    assert config.arn() == "arn:aws:lambda:eu-west-1:012345678912:function:f"
    assert config.arn("live") == "arn:aws:lambda:eu-west-1:012345678912:function:f:live"


def test_a_version_runs_as_itself_and_an_alias_as_the_version_there_is() -> None:
    config = FunctionConfig(version="7")
    assert config.executed_version(None) == "7"
    assert config.executed_version("live") == "7"
    assert config.executed_version("3") == "3"
