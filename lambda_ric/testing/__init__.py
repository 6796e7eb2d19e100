"""The test kit for handlers and for runtimes.

`invoke` runs a handler in the process of its test, with a `fake_context` and an event from
`lambda_ric.testing.events`. `Emulator` serves it as Lambda would, in separate processes.
LambdaClient and AsyncLambdaClient invoke functions over HTTP.
RuntimeApi with its Event, Answer and Delivery is a scripted Runtime API for tests of a
runtime. A name is imported when it is first used: a test that invokes a handler in its own process
does not pay for servers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambda_ric.caller.client import AsyncLambdaClient as AsyncLambdaClient
    from lambda_ric.caller.client import LambdaClient as LambdaClient
    from lambda_ric.caller.failure import HandlerFailed as HandlerFailed
    from lambda_ric.caller.invoke_api import InvokeRefused as InvokeRefused
    from lambda_ric.caller.invoke_api import InvokeRequest as InvokeRequest
    from lambda_ric.caller.invoke_api import InvokeResult as InvokeResult
    from lambda_ric.testing.async_emulator import AsyncEmulator as AsyncEmulator
    from lambda_ric.testing.context import fake_context as fake_context
    from lambda_ric.testing.emulator import Emulator as Emulator
    from lambda_ric.testing.fixture_types import LambdaEmulator as LambdaEmulator
    from lambda_ric.testing.fixture_types import LambdaInvoke as LambdaInvoke
    from lambda_ric.testing.in_process import HandlerResult as HandlerResult
    from lambda_ric.testing.in_process import invoke as invoke
    from lambda_ric.testing.recording import RecordedRequest as RecordedRequest
    from lambda_ric.testing.runtime_api import RuntimeApi as RuntimeApi
    from lambda_ric.testing.script import Answer as Answer
    from lambda_ric.testing.script import Delivery as Delivery
    from lambda_ric.testing.script import Event as Event

_HOMES = {
    "Answer": "testing.script",
    "AsyncEmulator": "testing.async_emulator",
    "AsyncLambdaClient": "caller.client",
    "Delivery": "testing.script",
    "Emulator": "testing.emulator",
    "Event": "testing.script",
    "HandlerFailed": "caller.failure",
    "HandlerResult": "testing.in_process",
    "InvokeRefused": "caller.invoke_api",
    "InvokeRequest": "caller.invoke_api",
    "InvokeResult": "caller.invoke_api",
    "LambdaClient": "caller.client",
    "LambdaEmulator": "testing.fixture_types",
    "LambdaInvoke": "testing.fixture_types",
    "RecordedRequest": "testing.recording",
    "RuntimeApi": "testing.runtime_api",
    "fake_context": "testing.context",
    "invoke": "testing.in_process",
}

__all__ = [
    "Answer",
    "AsyncEmulator",
    "AsyncLambdaClient",
    "Delivery",
    "Emulator",
    "Event",
    "HandlerFailed",
    "HandlerResult",
    "InvokeRefused",
    "InvokeRequest",
    "InvokeResult",
    "LambdaClient",
    "LambdaEmulator",
    "LambdaInvoke",
    "RecordedRequest",
    "RuntimeApi",
    "fake_context",
    "invoke",
]


if not TYPE_CHECKING:  # a type checker would accept any name as an attribute

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"lambda_ric.{_HOMES[name]}"), name)
