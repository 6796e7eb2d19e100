"""What is asked for when a durable execution is to start."""

from __future__ import annotations

from typing import NamedTuple

from lambda_ric.emulator.function import FunctionConfig


class StartRequest(NamedTuple):
    """A request to start an execution; `input` is JSON, `name` None where the caller gave none."""

    function: FunctionConfig
    version: str
    input: str
    name: str | None = None
    tenant_id: str | None = None
    trace_id: str | None = None
