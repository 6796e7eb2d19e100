"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

# No deadlines: what a loaded machine makes slow is not wrong. In CI the same examples each time.
settings.register_profile("here", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("here")

Require = Callable[[object, str], None]


@pytest.fixture(scope="session")
def require() -> Require:
    """`require(condition, reason)`: skip where something is not to be had, but fail in CI.

    CI installs all that the tests need, so a skip there would hide a test that no longer runs.
    """

    def check(condition: object, reason: str) -> None:
        if condition:
            return
        if os.environ.get("CI"):
            pytest.fail(f"CI must be able to run this: {reason}")
        pytest.skip(reason)

    return check
