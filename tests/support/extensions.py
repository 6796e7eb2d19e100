"""Functions with external extensions, each of them handlers/extension.py in a process."""

from __future__ import annotations

import shlex
import sys
from typing import Any

from lambda_ric.emulator import FunctionConfig
from tests.support.paths import EMULATED_HANDLERS
from tests.support.service import function

SCRIPT = EMULATED_HANDLERS / "extension.py"

_COMMAND = shlex.join([sys.executable, "-E", "-S", str(SCRIPT)])  # it needs no packages


def extension(words: str) -> str:
    """Return the option for an extension: its name, and words about what it does."""
    return f"{words.split()[0]}={_COMMAND} {words}"


def extended(*extensions: str, handler: str = "app.handler", **options: Any) -> FunctionConfig:
    """Return a function whose extensions are each a name and words about what they do."""
    commands = [extension(words) for words in extensions]
    return function(handler, extensions=commands, **{"concurrency": 1, **options})
