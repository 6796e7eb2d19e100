"""Warm requests to a FastAPI application: `asgi` and mangum, both under our runtime."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from importlib.util import find_spec

from benchmarks.child import running_child
from benchmarks.processors import one_processor
from benchmarks.rounds import Measured, Table, rounds, take_turns
from lambda_ric.events.http import function_url

TIMES = 300
EVENT = json.dumps(function_url("GET", "/items/7", query="tag=new")).encode()


@dataclass(frozen=True)
class Adapter:
    """What stands between the events and the application; `handler` is in functions/web.py."""

    name: str
    handler: str


ADAPTERS = (
    Adapter("asgi(app)", "ours"),
    Adapter("Mangum(app)", "mangum"),
    Adapter('Mangum(app, lifespan="off")', "mangum_without_lifespan"),
)


def missing() -> str:
    """Tell what is missing in this environment."""
    absent = [name for name in ("fastapi", "mangum") if find_spec(name) is None]
    return f"not installed: {', '.join(absent)}" if absent else ""


def warm(scale: float) -> Table:
    """Adapter and Runtime API share a processor."""
    with one_processor():
        return take_turns(ADAPTERS, _measure, rounds(11, scale))


def _measure(adapter: Adapter) -> Measured:
    command = [sys.executable, "-m", "lambda_ric", f"web.{adapter.handler}"]
    with running_child(command) as child:
        child.api.invoke(EVENT, TIMES // 10)
        before = child.cpu_seconds()
        child.api.invoke(EVENT, TIMES)
        return {"CPU µs": (child.cpu_seconds() - before) / TIMES * 1e6}
