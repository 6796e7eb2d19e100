"""A short soak of durable executions; `scripts/durable-soak` does the long one."""

from __future__ import annotations

import sys

import pytest

from tests.conftest import Require
from tests.emulator.durable.soak import soak


@pytest.mark.slow
def test_executions_survive_the_deaths_of_functions_and_of_the_emulator(require: Require) -> None:
    require(sys.platform == "linux", "the memory is asked of /proc")
    seen = soak(40, kills=3, deaths=0.01)
    assert seen.wrong == []
    assert seen.ended == 40
