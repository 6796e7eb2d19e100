"""The third-party clients that `scripts/acceptance` has installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def prepared() -> Path:
    """Return the folder, or skip the test: in CI, too, the script is a step of its own."""
    if "LAMBDA_RIC_CACHE" not in os.environ:
        pytest.skip("scripts/acceptance prepares what this needs")
    return Path(os.environ["LAMBDA_RIC_CACHE"])
