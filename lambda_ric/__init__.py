"""A pure-Python AWS Lambda runtime for container images, with an emulator and a test kit.

The names below are loaded when they are first used: importing this package imports nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.ondemand.client_context import ClientContext
    from lambda_ric.ondemand.handler_types import AsyncHandler, Handler, StreamingHandler
    from lambda_ric.ondemand.hooks import after_restore, before_snapshot, on_shutdown
    from lambda_ric.ondemand.responses import HttpPrelude, StreamingResponse
    from lambda_ric.runtime.context import CognitoIdentity, LambdaContext
    from lambda_ric.runtime.marshal import use_json

__all__ = [
    "AsyncHandler",
    "ClientContext",
    "CognitoIdentity",
    "Handler",
    "HttpPrelude",
    "LambdaContext",
    "StreamingHandler",
    "StreamingResponse",
    "after_restore",
    "before_snapshot",
    "on_shutdown",
    "use_json",
]

_MODULES = {
    "AsyncHandler": "ondemand.handler_types",
    "ClientContext": "ondemand.client_context",
    "CognitoIdentity": "runtime.context",
    "Handler": "ondemand.handler_types",
    "HttpPrelude": "ondemand.responses",
    "LambdaContext": "runtime.context",
    "StreamingHandler": "ondemand.handler_types",
    "StreamingResponse": "ondemand.responses",
    "after_restore": "ondemand.hooks",
    "before_snapshot": "ondemand.hooks",
    "on_shutdown": "ondemand.hooks",
    "use_json": "runtime.marshal",
}


if not TYPE_CHECKING:  # a type checker would take any name for one that is there

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
