"""Results that are not plain values, and must be awaited, streamed or converted."""

from __future__ import annotations

import sys

from lambda_ric.runtime import doors, payloads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.runtime.loop import Outcome, Runtime


def _generate() -> Any:
    yield  # pragma: no cover - only the type of its generator is used


async def _generate_async() -> Any:
    yield  # pragma: no cover - as above


_STREAMS = (type(_generate()), type(_generate_async()))


def settle(runtime: Runtime, context: LambdaContext, result: Any) -> Outcome:
    """Await a handler's result if necessary, and prepare it to be sent.

    Raises the exceptions of an awaited result, and those of a stream before its first piece.
    """
    result = wait_for(runtime, context, result)
    if is_stream(result):
        return doors.begin_stream(runtime, context, result)
    return payloads.dump(result)


def wait_for(runtime: Runtime, context: LambdaContext, result: Any) -> Any:
    """Return a handler's result, awaited if necessary. Raises the exceptions of awaiting it."""
    if hasattr(type(result), "__await__"):
        return doors.event_loop(runtime).run(result, context.get_remaining_time_in_millis())
    return result


def is_stream(result: Any) -> bool:
    """Return whether a result is sent piece by piece."""
    if isinstance(result, _STREAMS):
        return True
    responses = sys.modules.get("lambda_ric.sdk.responses")
    return responses is not None and isinstance(result, responses.StreamingResponse)
