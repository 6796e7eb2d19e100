"""Fixtures for pytest, which finds them once this package is installed.

`lambda_context` is a fresh context, `lambda_invoke` runs a handler in the test's process,
`lambda_emulator` serves one as Lambda would, in separate processes. A fixture's code is imported
only when a test uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.testing.emulator import Emulator
    from lambda_ric.testing.fixture_types import LambdaEmulator, LambdaInvoke


@pytest.fixture
def lambda_context() -> LambdaContext:
    """A context as a handler gets it; see `fake_context`."""
    from lambda_ric.testing.context import fake_context

    return fake_context()


@pytest.fixture
def lambda_invoke() -> LambdaInvoke:
    """`lambda_invoke(handler, event, context=None)`: see `lambda_ric.testing.invoke`."""
    from lambda_ric.testing.in_process import invoke

    return invoke


@pytest.fixture
def lambda_emulator() -> Iterator[LambdaEmulator]:
    """`lambda_emulator(handler, **options)`: a running `lambda_ric.testing.Emulator`.

    It ends with the test.
    """
    from lambda_ric.testing.emulator import Emulator

    with ExitStack() as running:

        def start(handler: str | None = None, **options: Any) -> Emulator:
            return running.enter_context(Emulator(handler, **options))

        yield start
