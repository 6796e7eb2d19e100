"""What an environment reports to whoever decides what it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from lambda_ric.emulator.environment.failed_init import FailedInit
from lambda_ric.emulator.invoke import Invoke

if TYPE_CHECKING:
    from lambda_ric.emulator.environment.environment import Environment


class Owner(Protocol):
    """Whoever decides what an environment gets."""

    def ready(self, environment: Environment) -> None:
        """It can take an invoke."""

    def init_failed(self, environment: Environment, failure: FailedInit | None) -> None:
        """Its runtime did not load, and no invoke was taken; None when the time was up."""

    def rejected(self, environment: Environment, invoke: Invoke) -> None:
        """It did not take the invoke that it was given."""

    def gone(self, environment: Environment) -> None:
        """Nothing is left of it."""
