"""A pure-Python AWS Lambda runtime for container images, with an emulator and a test kit.

The names below load when they are first used: importing this package imports nothing else.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lambda_ric.runtime.context import CognitoIdentity, LambdaContext
    from lambda_ric.runtime.payloads import use_json
    from lambda_ric.sdk.client_context import ClientContext
    from lambda_ric.sdk.handler_types import AsyncHandler, Handler, StreamingHandler
    from lambda_ric.sdk.hooks import after_restore, before_fork, before_snapshot, on_shutdown
    from lambda_ric.sdk.responses import HttpPrelude, StreamingResponse
    from lambda_ric.sdk.web.asgi import asgi
    from lambda_ric.sdk.web.wsgi import wsgi

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
    "asgi",
    "before_fork",
    "before_snapshot",
    "on_shutdown",
    "use_json",
    "wsgi",
]

_MODULES = {
    "AsyncHandler": "sdk.handler_types",
    "ClientContext": "sdk.client_context",
    "CognitoIdentity": "runtime.context",
    "Handler": "sdk.handler_types",
    "HttpPrelude": "sdk.responses",
    "LambdaContext": "runtime.context",
    "StreamingHandler": "sdk.handler_types",
    "StreamingResponse": "sdk.responses",
    "after_restore": "sdk.hooks",
    "asgi": "sdk.web.asgi",
    "before_fork": "sdk.hooks",
    "before_snapshot": "sdk.hooks",
    "on_shutdown": "sdk.hooks",
    "use_json": "runtime.payloads",
    "wsgi": "sdk.web.wsgi",
}


if not TYPE_CHECKING:  # a type checker would accept any name as an attribute

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
