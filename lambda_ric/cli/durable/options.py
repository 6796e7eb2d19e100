"""What the commands about executions share: options, and how an action is carried out."""

from __future__ import annotations

import argparse

from lambda_ric.cli.endpoint_option import needs_local


def add_error_options(parser: argparse.ArgumentParser) -> None:
    """Declare the members of an error, as the handler or the caller of an execution sees it."""
    add = parser.add_argument
    add("--error-type", metavar="TYPE", help="the type of the error, such as Rejected")
    add("--error-message", metavar="TEXT", help="its message")
    add("--error-data", metavar="TEXT", help="data for whoever handles it")


def act(options: argparse.Namespace) -> int:
    """Carry out the action that was chosen, and return the exit code. Raises UsageError."""
    try:
        from lambda_ric.cli.durable import actions
    except ImportError as missing:
        raise needs_local(missing) from None
    return actions.act(actions.ACTIONS[options.action], options)
