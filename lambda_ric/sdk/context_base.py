"""The base of `LambdaContext` as type checkers see it. This module is never imported.

Powertools' functions ask for Powertools' own class of contexts. When they run, ours serves as well.
A type checker looks at the class, so to it ours is a subclass of theirs where Powertools is
installed. Elsewhere the import from it defines nothing, and the base is a class of this package.
The import stands twice because mypy takes the first of two definitions, and pyright the last.
"""

from __future__ import annotations

from aws_lambda_powertools.utilities.typing.lambda_context import *
from lambda_ric.sdk.context_without_powertools import *  # type: ignore[assignment]
from aws_lambda_powertools.utilities.typing.lambda_context import *


class ContextBase(LambdaContext):
    """Declares the attributes whose types differ: outside Lambda most of them are None."""

    log_group_name: str | None  # type: ignore[assignment]
    log_stream_name: str | None  # type: ignore[assignment]
    function_name: str | None  # type: ignore[assignment]
    memory_limit_in_mb: str | None  # type: ignore[assignment]
    function_version: str | None  # type: ignore[assignment]
    client_context: object  # type: ignore[assignment]
    identity: object  # type: ignore[assignment]
