"""`lambda-ric emulate -- CMD…`: serves any language's runtime client, as aws-lambda-rie does."""

from __future__ import annotations

import os

from lambda_ric.cli.parser import CommandParser
from lambda_ric.cli.serving import serve
from lambda_ric.cli.serving_options import Program, add_serving_options, serving_options

BOOTSTRAPS = ("/var/task/bootstrap", "/opt/bootstrap", "/var/runtime/bootstrap")
"""Where the entry point of a runtime is looked for when no command is given, in this order."""

TASK_ROOT = "/var/task"


def main(arguments: list[str]) -> int:
    """Serve the command until asked to end, or invoke it once."""
    parser = CommandParser(
        prog="lambda-ric emulate",
        usage="lambda-ric emulate [option…] [--] [CMD [ARG…] [HANDLER]]",
        description="Serve any runtime client on http://localhost:8080. The last of several "
        "words is the handler. Without a command: the first bootstrap there is in "
        f"{', '.join(BOOTSTRAPS)}.",
    )
    parser.add_argument("command", nargs="...", help="the runtime client")
    add_serving_options(parser)
    options = parser.parse_args(arguments)
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
