"""The page of environment variables lists all that the code reads or sets."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "environment-variables.md").read_text(encoding="utf-8")
VARIABLE = re.compile(
    r'"(_?(?:AWS|LAMBDA|POWERTOOLS|WATCHFILES|X_AMZN)_[A-Z_]+|_HANDLER|TZ|NO_COLOR)"'
)


def test_every_variable_of_the_code_is_on_the_page() -> None:
    folders = ("runtime", "ondemand", "sdk", "emulator", "cli", "testing")
    sources = [path for name in folders for path in (ROOT / "lambda_ric" / name).rglob("*.py")]
    used = {name for path in sources for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 20
    assert not {name for name in used if f"`{name}`" not in PAGE}
