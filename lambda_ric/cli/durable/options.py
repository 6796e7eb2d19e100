"""Options that several commands about executions share."""

from __future__ import annotations

import argparse


def add_error_options(parser: argparse.ArgumentParser) -> None:
    """Declare the members of an error, as the handler or the caller of an execution sees it."""
    add = parser.add_argument
    add("--error-type", metavar="TYPE", help="the type of the error, such as Rejected")
    add("--error-message", metavar="TEXT", help="its message")
    add("--error-data", metavar="TEXT", help="data for whoever handles it")
