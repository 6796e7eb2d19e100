"""How a function is invoked asynchronously: attempts, the age of events, destinations."""

from __future__ import annotations

from dataclasses import replace

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.destination import DestinationKind, parse_destination
from lambda_ric.emulator.function import LATEST, FunctionConfig
from lambda_ric.emulator.lambda_api.configuration import Description
from lambda_ric.emulator.scheduling.scheduler import Scheduler


def event_invoke_config(scheduler: Scheduler, qualifier: str | None) -> Description:
    """Return the settings that differ from the defaults. Raises ApiError if none does."""
    function = scheduler.function
    arn = function.arn(qualifier or LATEST)
    set_here: Description = {}
    if function.maximum_retry_attempts != FunctionConfig.maximum_retry_attempts:
        set_here["MaximumRetryAttempts"] = function.maximum_retry_attempts
    if function.maximum_event_age != FunctionConfig.maximum_event_age:
        set_here["MaximumEventAgeInSeconds"] = function.maximum_event_age
    destinations = {
        "OnSuccess": _destination(function, function.on_success),
        "OnFailure": _destination(function, function.on_failure),
    }
    if not set_here and not any(destinations.values()):
        raise ApiError(
            404,
            "ResourceNotFoundException",
            f"The function {arn} doesn't have an EventInvokeConfig",
            key="Message",
        )
    return {
        "FunctionArn": arn,
        "LastModified": round(scheduler.modified, 3),
        "DestinationConfig": destinations,
        **set_here,
    }


def _destination(function: FunctionConfig, text: str) -> Description:
    """Return a destination; another function is named by its ARN."""
    if not text:
        return {}
    destination = parse_destination(text)
    if destination.kind is DestinationKind.FUNCTION:
        return {"Destination": replace(function, name=destination.target).arn()}
    return {"Destination": destination.target}
