"""AWS's emulator, which scripts/image-tests installs: these tests are a part of its step."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from tests.conftest import Require


@pytest.fixture(scope="session")
def aws_emulator(require: Require) -> None:
    """Skip where AWS's emulator is not installed, or may not do what it must."""
    installed = "LAMBDA_RIC_CACHE" in os.environ
    require(installed, "AWS's emulator is installed by scripts/image-tests")
    is_root = sys.platform == "linux" and os.geteuid() == 0
    require(is_root and shutil.which("unshare"), "AWS's emulator needs root on Linux")
