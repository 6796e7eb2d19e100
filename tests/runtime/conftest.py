"""AWS's Runtime Interface Emulator, fetched once for this machine."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import Require

PACKAGE = "aws-sam-cli==1.170.0"
"""SAM CLI's wheel carries the emulator's binaries."""

MACHINES = {"x86_64": "x86_64", "aarch64": "arm64"}


@pytest.fixture(scope="session")
def aws_rie(require: Require) -> Path:
    """The path of AWS's `aws-lambda-rie`, kept in the user's cache directory."""
    if sys.platform != "linux":
        pytest.skip("AWS's emulator is for Linux alone")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    program = Path(home) / "lambda-ric-tests" / PACKAGE / "aws-lambda-rie"
    if not program.exists():
        problem = _fetch(program)
        require(not problem, f"AWS's emulator cannot be fetched: {problem}")
    return program


def _fetch(program: Path) -> str:
    """Download the wheel and take the program out of it; return what went wrong."""
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=program.parent) as directory:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        done = subprocess.run(
            [*download, "--dest", directory, PACKAGE], capture_output=True, text=True, timeout=300
        )
        if done.returncode:
            return done.stderr
        (wheel,) = Path(directory).glob("*.whl")
        name = f"samcli/local/rapid/aws-lambda-rie-{MACHINES[platform.machine()]}"
        with zipfile.ZipFile(wheel) as archive:
            unpacked = Path(archive.extract(name, directory))
        unpacked.chmod(0o755)
        unpacked.replace(program)
    return ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs signals, pipes and error texts as POSIX systems have them."""
    if os.name != "nt":
        return
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="Windows has no POSIX signals"))
