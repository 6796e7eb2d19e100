"""What all sub-commands share: one way to say that the command line is wrong."""

from __future__ import annotations

import argparse
import sys
from typing import NoReturn

WRONG_USAGE = 2
"""Exit code for a command line that cannot be carried out as it stands."""


class UsageError(Exception):
    """What the user asked for cannot be done; the message says why and what to do instead."""


class CommandParser(argparse.ArgumentParser):
    """An argument parser whose errors are one line on stderr and exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, without the whole usage text, and exit."""
        print(f"{self.prog}: {message} (try {self.prog} --help)", file=sys.stderr)
        sys.exit(WRONG_USAGE)
