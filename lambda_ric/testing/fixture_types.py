"""The types of the fixtures that are functions, for tests that are typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.testing.emulator import Emulator
    from lambda_ric.testing.in_process import HandlerResult


class LambdaInvoke(Protocol):
    """The fixture `lambda_invoke`: see `lambda_ric.testing.invoke`."""

    def __call__(
        self,
        handler: Callable[[Any, Any], Any] | str,
        event: Any = None,
        context: LambdaContext | None = None,
        *,
        env: Mapping[str, str] | None = None,
    ) -> HandlerResult:
        """Run a handler in the process of the test."""


class LambdaEmulator(Protocol):
    """The fixture `lambda_emulator`: it takes what `lambda_ric.testing.Emulator` takes."""

    def __call__(self, handler: str | None = None, **options: Any) -> Emulator:
        """Start an emulator that ends with the test."""
