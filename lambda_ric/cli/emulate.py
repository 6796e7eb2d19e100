"""`lambda-ric emulate -- CMD…`: serves a runtime client in any language, as aws-lambda-rie does."""

from __future__ import annotations

import os
from itertools import islice

from lambda_ric.cli.parser import CommandParser
from lambda_ric.cli.serving import serve
from lambda_ric.cli.serving_options import Program, add_serving_options, serving_options

BOOTSTRAPS = ("/var/task/bootstrap", "/opt/bootstrap", "/var/runtime/bootstrap")
"""Entry points of a runtime when no command is given; the first that exists is used."""

TASK_ROOT = "/var/task"

_ADDRESSES = ("--runtime-interface-emulator-address", "--runtime-api-address")
"""Options that AWS's emulator also takes behind the command, where its own tests write them."""


def main(arguments: list[str]) -> int:
    """Serve the command until asked to stop, or invoke it once."""
    parser = CommandParser(
        prog="lambda-ric emulate",
        usage="lambda-ric emulate [option…] [--] [CMD [ARG…] [HANDLER]]",
        description="Serve any runtime client on http://localhost:8080. The last of several "
        "words is the handler. Without a command, serve the first that exists of "
        f"{', '.join(BOOTSTRAPS)}.",
    )
    parser.add_argument("command", nargs="...", help="the runtime client")
    add_serving_options(parser)
    options = parser.parse_args(_with_addresses_first(arguments))
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    handler = os.environ.get("_HANDLER") or os.environ.get("AWS_LAMBDA_FUNCTION_HANDLER") or ""
    if len(command) > 1:
        handler = command[-1]
    directory = None
    if not command:
        found = [path for path in BOOTSTRAPS if os.path.exists(path)]
        command = (found or list(BOOTSTRAPS))[:1]
        directory = TASK_ROOT if os.path.isdir(TASK_ROOT) else None
    program = Program(handler, tuple(command), directory=directory)
    return serve(lambda: serving_options(options, program))


def _with_addresses_first(arguments: list[str]) -> list[str]:
    """Move the addresses before the command; everything behind `--` belongs to that."""
    first: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            return [*first, *rest, word, *words]
        if word in _ADDRESSES:
            first += [word, *islice(words, 1)]
        elif word.startswith(tuple(f"{name}=" for name in _ADDRESSES)):
            first.append(word)
        else:
            rest.append(word)
    return [*first, *rest]
