"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

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
