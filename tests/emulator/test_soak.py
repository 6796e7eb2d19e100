"""A short soak; `scripts/soak` does the long one."""

from __future__ import annotations

import sys

import pytest

from tests.conftest import Require
from tests.emulator.soak import CONCURRENCY, fate_of, soak

INVOKES = 400


@pytest.mark.slow
def test_every_invoke_is_answered_once_and_nothing_is_left_behind(require: Require) -> None:
    require(sys.platform == "linux", "what is left behind is asked of /proc")
    seen = soak(INVOKES)
    assert seen.wrong == []
    assert seen.run_once
    assert len(seen.request_ids) == INVOKES
    assert seen.answers == {"answer": 396, "exit": 1, "hang": 1, "kill": 1, "raise": 1}
    for usage in seen.usages:
        assert usage.processes <= 2 + CONCURRENCY  # the emulator and its guard
        assert usage.files <= 8 + 4 * usage.processes
    assert seen.usages[-1].kibibytes <= seen.usages[0].kibibytes + 8 * 1_024


def test_one_in_a_hundred_fails() -> None:
    assert sum(fate_of(number) != "answer" for number in range(20_000)) == 200
