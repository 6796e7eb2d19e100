"""The counter of Python calls counts in the checkout that it is given."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT


def count(tree: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.emulator_calls", str(tree)]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.skipif(sys.platform != "linux", reason="counted on Linux")
def test_another_checkout_can_be_counted(tmp_path: Path) -> None:
    (tmp_path / "lambda_ric").symlink_to(ROOT / "lambda_ric")
    done = count(tmp_path)
    assert done.stdout.endswith(f" of {tmp_path}\n"), done.stderr


def test_a_folder_that_is_not_a_checkout_is_refused(tmp_path: Path) -> None:
    done = count(tmp_path)
    assert done.returncode == 1
    assert "is not a checkout" in done.stderr
