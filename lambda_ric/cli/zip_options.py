"""The options of a zip function, `--code` and `--layer`."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from lambda_ric.cli.argument_types import WrongValue
from lambda_ric.cli.parser import UsageError

if TYPE_CHECKING:
    from lambda_ric.cli.zip_function import ZipFunction


def add_zip_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a zip function."""
    group = parser.add_argument_group("a zip function")
    group.add_argument(
        "--code",
        type=_package,
        metavar="ZIP|DIR",
        help="its package, or the folder that it is made of",
    )
    group.add_argument(
        "--layer",
        type=_package,
        action="append",
        default=[],
        metavar="ZIP|DIR",
        help="a layer; repeatable, and a file of a later layer replaces that of an earlier one",
    )


def zip_function(options: argparse.Namespace) -> ZipFunction | None:
    """Return the zip function that the options describe, None for the code in this folder.

    Raises UsageError.
    """
    if options.code is None and not options.layer:
        return None
    code = options.code
    if (options.reload or options.reload_dir) and code and not os.path.isdir(code):
        raise UsageError(
            f"--reload watches a folder: name the one that {code} is made of as --code"
        )
    from lambda_ric.cli.zip_function import ZipFunction

    return ZipFunction(code, options.layer)


def _package(text: str) -> str:
    if not text:  # a variable of the shell that is not set, not the current folder
        raise WrongValue("the name of a zip archive or folder is empty")
    return text
