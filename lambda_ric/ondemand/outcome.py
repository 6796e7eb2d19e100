"""What a handler returned, when it is not a plain value: to be awaited, streamed, or marshalled."""

from __future__ import annotations

import sys

from lambda_ric.runtime import doors, payloads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.runtime.loop import Outcome, Runtime


def _generate() -> Any:
    yield


async def _generate_async() -> Any:
    yield


_STREAMS = (type(_generate()), type(_generate_async()))


def settle(runtime: Runtime, context: LambdaContext, result: Any) -> Outcome:
    """Await what a handler returned, if it must be, and make it ready to be sent.

    Raises what awaiting it raises, and what a stream raises before its first piece.
    """
    if hasattr(type(result), "__await__"):
        loop = doors.event_loop(runtime)
        result = loop.run(result, context.get_remaining_time_in_millis())
    if _is_stream(result):
        return doors.begin_stream(runtime, context, result)
    return payloads.dump(result)


def _is_stream(result: Any) -> bool:
    """Tell whether a result is sent piece by piece."""
    if isinstance(result, _STREAMS):
        return True
    responses = sys.modules.get("lambda_ric.sdk.responses")
    return responses is not None and isinstance(result, responses.StreamingResponse)
