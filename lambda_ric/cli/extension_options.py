"""The options about external extensions, and the directory where Lambda looks for them."""

from __future__ import annotations

import argparse
import os
import shlex

from lambda_ric.cli.parser import UsageError

EXTENSIONS = "/opt/extensions"
"""Where Lambda looks for external extensions."""

_DISABLED = "disable-extensions-jwigqn8j"
"""A file beside that directory which keeps its extensions from being started, as in Lambda."""


def add_extension_options(group: argparse._ArgumentGroup) -> None:
    """Declare the options."""
    group.add_argument(
        "--extensions",
        metavar="DIR",
        help=f"start the programs in this directory as external extensions (default: {EXTENSIONS})",
    )
    group.add_argument(
        "--extension",
        action="append",
        default=[],
        metavar="[NAME=]CMD",
        help="start this command as an external extension; repeatable",
    )


def chosen_extensions(options: argparse.Namespace, default: str = EXTENSIONS) -> tuple[str, ...]:
    """Return the commands of the external extensions, those of the directory in its order.

    `default` is the directory unless the options name one. Raises UsageError for a directory that
    does not exist.
    """
    directory = options.extensions or default
    if options.extensions and not os.path.isdir(directory):
        raise UsageError(f"--extensions {directory}: there is no such directory")
    found = []
    disabled = os.path.join(os.path.dirname(default), _DISABLED)
    if os.path.isdir(directory) and not os.path.exists(disabled):
        paths = [os.path.join(directory, name) for name in sorted(os.listdir(directory))]
        found = [shlex.quote(os.path.abspath(path)) for path in paths if os.path.isfile(path)]
    return (*found, *options.extension)
