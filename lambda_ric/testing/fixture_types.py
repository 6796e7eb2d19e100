"""The types of the fixtures that are functions, for tests that are typed."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from lambda_ric.emulator.function import FunctionOptions
    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.testing.emulator import Emulator
    from lambda_ric.testing.in_process import HandlerResult
    from lambda_ric.testing.served_functions import ServedFunction


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

    def __call__(
        self,
        handler: str | None = None,
        *,
        functions: Mapping[str, str | ServedFunction] | None = None,
        command: Sequence[str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        async_retry_delay: float = ...,
        port: int = 0,
        http: str | None = None,
        invoke_mode: str = ...,
        routes: Sequence[str] = (),
        **options: Unpack[FunctionOptions],
    ) -> Emulator:
        """Start an emulator that ends with the test."""
