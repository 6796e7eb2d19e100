"""How a function is invoked asynchronously: attempts, the age of events, destinations."""

from __future__ import annotations

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.function import LATEST
from lambda_ric.emulator.lambda_api.configuration import Description
from lambda_ric.emulator.scheduling.scheduler import Scheduler


def event_invoke_config(scheduler: Scheduler, qualifier: str | None) -> Description:
    """Return the settings that differ from the defaults. Raises ApiError if none does."""
    function = scheduler.function
    arn = function.arn(qualifier or LATEST)
    raise ApiError(
        404,
        "ResourceNotFoundException",
        f"The function {arn} doesn't have an EventInvokeConfig",
        key="Message",
    )
