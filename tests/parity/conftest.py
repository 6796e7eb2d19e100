"""awslambdaric is made for Linux alone; elsewhere there is nothing to compare with."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if platform.system() == "Linux":
        return
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="awslambdaric is for Linux alone"))
