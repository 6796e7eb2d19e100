"""`--env-file`: variables of the function from a file, one `NAME=VALUE` per line.

What docker, python-dotenv and a shell would all read alike is read so: comments, `export`, values
in quotes, a name alone for the variable of the shell. Nothing is substituted within values.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from lambda_ric.cli.parser import UsageError

_ASSIGNMENT = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_.]*)\s*(?:=(?P<value>.*))?")
_QUOTED = re.compile(r"""(?:"(?P<double>(?:[^"\\]|\\.)*)"|'(?P<single>[^']*)')\s*(?:#.*)?""")
_ESCAPED = re.compile(r"\\(.)")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t"}


def read_env_file(path: str) -> dict[str, str]:
    """Return the variables. Raises UsageError, with the line number, for an invalid line."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            text = file.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"--env-file {path}: {reason}") from None
    variables: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        try:
            _read_line(line.strip(), variables, os.environ)
        except ValueError as error:
            raise UsageError(f"--env-file {path}, line {number}: {error}") from None
    return variables


def _read_line(line: str, variables: dict[str, str], inherited: Mapping[str, str]) -> None:
    if not line or line.startswith("#"):
        return
    if "\0" in line:
        raise ValueError("a NUL character cannot be in a variable")
    match = _ASSIGNMENT.fullmatch(line)
    if match is None:
        raise ValueError("write it as NAME=VALUE")
    name, value = match["name"], match["value"]
    if value is not None:
        variables[name] = _value(value.strip())
    elif name in inherited:
        variables[name] = inherited[name]


def _value(text: str) -> str:
    """Remove the quotes, or a trailing comment if there are no quotes."""
    if text[:1] not in ("'", '"'):
        return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].rstrip()
    match = _QUOTED.fullmatch(text)
    if match is None:
        raise ValueError("the quotes of the value do not match")
    if match["single"] is not None:
        return match["single"]
    return _ESCAPED.sub(lambda found: _CONTROLS.get(found[1], found[1]), match["double"])
