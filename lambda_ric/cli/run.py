"""`lambda-ric MODULE.HANDLER`: serves a Python handler locally, as Lambda would."""

from __future__ import annotations

import os
import sys

from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.serving import serve
from lambda_ric.cli.serving_options import add_serving_options, serving_options

EPILOG = """
Without --event it serves until Ctrl-C. Any function name in the URL means this function.
Exit codes: 0 ok, 1 the function failed (--event), 2 wrong usage.
"""


def main(arguments: list[str]) -> int:
    """Serve the handler until asked to end, or invoke it once."""
    parser = CommandParser(
        prog="lambda-ric run",
        usage="lambda-ric MODULE.HANDLER [option…]",
        description="Serve a Python handler on http://localhost:8080, as Lambda would.",
        epilog=EPILOG,
    )
    parser.add_argument(
        "handler",
        nargs="?",
        default=os.environ.get("_HANDLER") or os.environ.get("AWS_LAMBDA_FUNCTION_HANDLER"),
        help="module.function ($_HANDLER)",
    )
    add_serving_options(parser)
    options = parser.parse_args(arguments)
    if not options.handler:
        raise UsageError("no handler is named; it is written module.function, as in app.handler")
    command = (sys.executable, "-m", "lambda_ric", options.handler)
    return serve(serving_options(options, options.handler, *command))
