"""AWS's emulator, which scripts/image-tests installs: these tests are a part of its step."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import Require


@pytest.fixture(scope="session")
def aws_emulator(require: Require) -> None:
    """Skip where AWS's emulator is not installed, or may not do what it must."""
    if "LAMBDA_RIC_CACHE" not in os.environ:
        pytest.skip("AWS's emulator is installed by scripts/image-tests")
    is_root = sys.platform == "linux" and os.geteuid() == 0
    require(is_root and shutil.which("unshare"), "AWS's emulator needs root on Linux")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, none by hand."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.images)
