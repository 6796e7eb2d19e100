"""--env-file: what is read, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lambda_ric.cli.env_file import read_env_file
from lambda_ric.cli.parser import UsageError

TEXT = r"""
# a comment
PLAIN=value
export EXPORTED = spaced
EMPTY=
COMMENTED=value # why
HASH=a#b
DOUBLE="two\nlines \"quoted\" # kept" # why
SINGLE='as\n is'
JSON={"a": "b=c"}
URL=postgres://user:p%40ss@host/db?x=1
HOME
LAMBDA_RIC_TESTS_SET_NO_SUCH_VARIABLE
"""


def test_lines_are_read_as_docker_and_dotenv_read_them(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text(TEXT, encoding="utf-8-sig")
    assert read_env_file(str(path)) == {
        "PLAIN": "value",
        "EXPORTED": "spaced",
        "EMPTY": "",
        "COMMENTED": "value",
        "HASH": "a#b",
        "DOUBLE": 'two\nlines "quoted" # kept',
        "SINGLE": r"as\n is",
        "JSON": '{"a": "b=c"}',
        "URL": "postgres://user:p%40ss@host/db?x=1",
        "HOME": os.environ["HOME"],
    }


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("1A=b", "write it as NAME=VALUE"),
        ("two words", "write it as NAME=VALUE"),
        ("=b", "write it as NAME=VALUE"),
        ('A="open', "the quotes of the value do not match"),
        ("A='x' y", "the quotes of the value do not match"),
    ],
)
def test_a_line_without_an_assignment_is_reported_with_its_number(
    tmp_path: Path, line: str, problem: str
) -> None:
    path = tmp_path / ".env"
    path.write_text(f"A=1\n{line}\n")
    with pytest.raises(UsageError) as caught:
        read_env_file(str(path))
    assert str(caught.value) == f"--env-file {path}, line 2: {problem}"


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_env_file(str(tmp_path / "none"))
