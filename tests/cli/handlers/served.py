"""Handlers that the command line invokes in a real emulator."""

from __future__ import annotations

import os

from lambda_ric import LambdaContext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def handler(event: Any, context: LambdaContext) -> Any:
    print("serving", event)
    if "fail" in event:
        raise ValueError(event["fail"])
    client = context.client_context
    return {
        "event": event,
        "function": context.function_name,
        "tenant": context.tenant_id,
        "custom": client.custom if client else None,
    }


def stream(event: Any, context: LambdaContext) -> Iterator[str]:
    yield "one "
    with open(event["gate"]) as gate:  # a pipe: it opens when the test opens its other end
        gate.read()
    yield f"two of {os.path.basename(event['gate'])}"
    if "fail" in event:
        raise ValueError(event["fail"])
