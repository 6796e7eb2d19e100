"""The deliberate differences, as docs/parity.md lists them."""

from __future__ import annotations

import re

from tests.support.paths import ROOT

ROW = re.compile(r"^\| `([a-z0-9-]+)` \|", re.MULTILINE)


def documented_rows() -> set[str]:
    """Return the id of every row."""
    return set(ROW.findall((ROOT / "docs" / "parity.md").read_text(encoding="utf-8")))
