"""`lambda-ric executions`: look at the executions of durable functions, and act on them.

Exit codes: 0 ok, 1 an execution that was followed did not succeed, 2 wrong usage, or the request
was refused. Only lists, timelines and histories go to stdout; everything else goes to stderr.
"""

from __future__ import annotations

import argparse
from argparse import RawDescriptionHelpFormatter

from lambda_ric.cli.argument_types import count
from lambda_ric.cli.durable.moments import moment
from lambda_ric.cli.durable.options import act, add_error_options
from lambda_ric.cli.endpoint_option import add_endpoint_option
from lambda_ric.cli.parser import CommandParser

STATUSES = ("RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED", "PAUSING", "PAUSED")

_NAMED = "an ARN, a name, or the beginning of one that is unique"

_EXAMPLES = """examples:
  lambda-ric executions                             the latest executions
  lambda-ric executions list --status FAILED --after 2h
  lambda-ric executions show order-7                its operations as a tree
  lambda-ric executions show                        that of the latest execution
  lambda-ric executions history order-7 --follow    its events, until it ends
  lambda-ric executions stop order-7 --error-message "no longer wanted"
"""


def main(arguments: list[str]) -> int:
    """Look at executions, or act on them, as the command line says."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        arguments = ["list", *arguments]
    options = _parser().parse_args(arguments)
    options.program = f"lambda-ric executions {options.action}"
    return act(options)


def _parser() -> CommandParser:
    parser = CommandParser(
        "lambda-ric executions",
        description="Look at the executions of durable functions, and act on them.\n"
        "Exit code 0: ok, 1: an execution that was followed did not succeed, 2: wrong usage, or "
        "refused.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _add_list(actions.add_parser("list", help="list executions, the latest first (the default)"))
    shown = actions.add_parser("show", help="show the operations of one as a tree, with times")
    _add_one(shown)
    shown.add_argument("--all", action="store_true", help="every operation, however many there are")
    history = actions.add_parser("history", help="show the events of one")
    _add_one(history)
    history.add_argument(
        "--follow",
        action="store_true",
        help="go on until it ends; exit code 1 if that is no success",
    )
    stop = actions.add_parser("stop", help="end executions")
    _add_several(stop)
    add_error_options(stop)
    pause = actions.add_parser("pause", help="let their handlers not be invoked")
    _add_several(pause)
    pause.add_argument("--reason", metavar="TEXT", help="why, for the history")
    pause.add_argument(
        "--stop-clock", action="store_true", help="let the time-out of the execution wait too"
    )
    resume = actions.add_parser("resume", help="go on with executions that are paused")
    _add_several(resume)
    resume.add_argument("--reason", metavar="TEXT", help="why, for the history")
    _add_several(actions.add_parser("delete", help="forget executions that have ended"))
    return parser


def _add_list(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--name", metavar="NAME", help="only executions of this name")
    add(
        "--status",
        action="append",
        default=[],
        type=str.upper,
        choices=STATUSES,
        metavar="STATUS",
        help=f"only those with this status, one of {', '.join(STATUSES)}; repeatable",
    )
    add("--after", type=moment, metavar="TIME", help="started after a time, or less than 10m ago")
    add("--before", type=moment, metavar="TIME", help="started before a time, or an age such as 2h")
    add("--limit", type=count, default=20, metavar="N", help="at most that many (default: 20)")
    add("--all", action="store_true", help="all of them")
    _add_output(parser)


def _add_one(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "execution", nargs="?", metavar="EXECUTION", help=f"{_NAMED}; the latest if none is named"
    )
    _add_output(parser)


def _add_several(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("executions", nargs="+", metavar="EXECUTION", help=_NAMED)
    _add_where(parser)


def _add_output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    _add_where(parser)


def _add_where(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--function", metavar="NAME", help="only executions of this function")
    add_endpoint_option(parser)
