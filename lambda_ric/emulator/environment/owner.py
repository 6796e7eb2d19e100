"""What an environment tells whoever decides over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lambda_ric.emulator.environment.environment import Environment
    from lambda_ric.emulator.invoke import Invoke, Outcome


class Owner(Protocol):
    """Who decides over an environment."""

    def ready(self, environment: Environment) -> None:
        """It can take an invocation."""

    def init_failed(self, environment: Environment, outcome: Outcome | None) -> None:
        """Its runtime did not load, and no invocation was taken; None when time was up."""

    def rejected(self, environment: Environment, invoke: Invoke) -> None:
        """It did not take the invocation that it was given."""

    def gone(self, environment: Environment) -> None:
        """Nothing is left of it."""
