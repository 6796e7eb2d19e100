"""A short soak with extensions; `scripts/soak extensions` does the long one."""

from __future__ import annotations

import sys

import pytest

from tests.conftest import Require
from tests.emulator.extension_soak import PROCESSES, soak_extensions

INVOKES = 40


@pytest.mark.slow
def test_ten_extensions_of_which_some_fail_leave_nothing_behind(require: Require) -> None:
    require(sys.platform == "linux", "what is left behind is asked of /proc")
    seen = soak_extensions(INVOKES, crashes_at=12, hangs_at={5})
    assert seen.wrong == []
    assert seen.answers.total() == INVOKES
    assert seen.telemetry > 50_000
    for usage in seen.usages:
        assert usage.processes <= PROCESSES
        assert usage.files <= 8 + 4 * PROCESSES
    assert seen.usages[-1].kibibytes <= seen.usages[0].kibibytes + 8 * 1_024
