"""Functions with external extensions, each of them handlers/extension.py in a process."""

from __future__ import annotations

import shlex
import sys
from typing import Any

from lambda_ric.emulator import FunctionConfig
from tests.support.paths import EMULATED_HANDLERS
from tests.support.service import function

SCRIPT = EMULATED_HANDLERS / "extension.py"


def extended(*extensions: str, handler: str = "app.handler", **options: Any) -> FunctionConfig:
    """Return a function whose extensions are each a name and words about what they do."""
    commands = [
        f"{words.split()[0]}={shlex.join([sys.executable, str(SCRIPT)])} {words}"
        for words in extensions
    ]
    return function(handler, extensions=commands, **{"concurrency": 1, **options})
