"""`lambda-ric callback`: complete what a durable function waits for.

Exit codes: 0 ok, 2 wrong usage, or the request was refused. Nothing goes to stdout.
"""

from __future__ import annotations

import argparse
from argparse import RawDescriptionHelpFormatter

from lambda_ric.cli.durable.options import act, add_error_options
from lambda_ric.cli.endpoint_option import add_endpoint_option
from lambda_ric.cli.parser import CommandParser
from lambda_ric.cli.payload import EVENT_HELP

_EXAMPLES = """examples:
  lambda-ric callback succeed order-7/approval -d '{"by": "Ada"}'
  lambda-ric callback succeed approval              if only one execution waits for an approval
  lambda-ric callback fail order-7/approval --error-type Rejected --error-message "too expensive"
  lambda-ric callback heartbeat "$ID"
"""


def main(arguments: list[str]) -> int:
    """Complete a callback, or report a heartbeat, as the command line says."""
    options = _parser().parse_args(arguments)
    options.program = f"lambda-ric callback {options.action}"
    return act(options)


def _parser() -> CommandParser:
    parser = CommandParser(
        "lambda-ric callback",
        description="Complete what a durable function waits for.\n"
        "Exit code 0: ok, 2: wrong usage, or refused.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    succeed = actions.add_parser("succeed", help="complete a callback with a result")
    choice = succeed.add_mutually_exclusive_group()
    choice.add_argument(
        "-d", "--data", metavar="TEXT", help="the result, sent as it is; handlers expect JSON"
    )
    choice.add_argument("-e", "--event", metavar="FILE|JSON|-", help=_RESULT_HELP)
    fail = actions.add_parser("fail", help="complete a callback with an error")
    add_error_options(fail)
    heartbeat = actions.add_parser("heartbeat", help="report that it is still worked on")
    for parser_of_action in (succeed, fail, heartbeat):
        _add_callback(parser_of_action)
    return parser


_RESULT_HELP = EVENT_HELP.replace("the event", "the result")


def _add_callback(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "callback",
        metavar="CALLBACK",
        help="its id, or EXECUTION/NAME, or only its NAME where that is unique",
    )
    parser.add_argument("--function", metavar="NAME", help="only executions of this function")
    add_endpoint_option(parser)
