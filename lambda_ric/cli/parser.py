"""The parser that all sub-commands share, with one way to report a wrong command line."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any, NoReturn

from lambda_ric.cli.wording import meant

WRONG_USAGE = 2
"""Exit code for a command line that cannot be carried out."""


_MARGIN = 2
"""Columns that argparse leaves free."""

_USUAL_COLUMNS = 80


class UsageError(Exception):
    """The command cannot be carried out; the message says why and what to do instead."""


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line on stderr and exit code 2."""

    def __init__(
        self,
        prog: str,
        *,
        formatter_class: type[argparse.HelpFormatter] = argparse.HelpFormatter,
        **options: Any,
    ) -> None:
        super().__init__(
            prog,
            formatter_class=lambda prog: formatter_class(prog, width=_columns() - _MARGIN),
            **options,
        )

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, without the whole usage text, and exit."""
        unknown = message.partition("unrecognized arguments: ")[2].split(" ")[0]
        if unknown.startswith("--"):
            message += meant(unknown, self._option_string_actions)
        print(f"{self.prog}: {message} (try {self.prog} --help)", file=sys.stderr)
        sys.exit(WRONG_USAGE)


def _columns() -> int:
    """Return the width of the terminal: that of `shutil`, which loads zlib, bz2 and lzma for it.

    A parser makes formatters even where nobody asks for help, to check the options.
    """
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _USUAL_COLUMNS
    except (AttributeError, ValueError, OSError):  # it is no terminal, or not there at all
        return _USUAL_COLUMNS
