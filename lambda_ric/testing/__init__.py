"""For tests of handlers, and of runtimes.

RuntimeApi with its Event, Answer and Delivery is a scripted Runtime API for whoever writes a
runtime. A name is imported when it is first asked for: a test that invokes a handler in its own
process does not pay for servers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lambda_ric.testing.recording import RecordedRequest as RecordedRequest
    from lambda_ric.testing.runtime_api import RuntimeApi as RuntimeApi
    from lambda_ric.testing.script import Answer as Answer
    from lambda_ric.testing.script import Delivery as Delivery
    from lambda_ric.testing.script import Event as Event

_HOMES = {
    "Answer": "script",
    "Delivery": "script",
    "Event": "script",
    "RecordedRequest": "recording",
    "RuntimeApi": "runtime_api",
}

__all__ = ["Answer", "Delivery", "Event", "RecordedRequest", "RuntimeApi"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
