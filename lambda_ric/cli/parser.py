"""The parser that all sub-commands share, with one way to report a wrong command line."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

from lambda_ric.cli.wording import meant

WRONG_USAGE = 2
"""Exit code for a command line that cannot be carried out."""


class UsageError(Exception):
    """The command cannot be carried out; the message says why and what to do instead."""


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line on stderr and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, without the whole usage text, and exit."""
        unknown = message.partition("unrecognized arguments: ")[2].split(" ")[0]
        if unknown.startswith("--"):
            message += meant(unknown, self._option_string_actions)
        print(f"{self.prog}: {message} (try {self.prog} --help)", file=sys.stderr)
        sys.exit(WRONG_USAGE)
