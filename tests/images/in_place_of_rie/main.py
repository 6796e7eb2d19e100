"""The functions that AWS tests its emulator with, in words of our own; the event names the case."""

from __future__ import annotations

import os
import time
from typing import Any

NAME = os.environ["AWS_LAMBDA_FUNCTION_NAME"]


def handler(event: Any, context: Any) -> Any:
    return globals()[event["case"]](context)


def variable(context: Any) -> str:
    return os.environ["WITH_EQUAL_SIGN"]


def success(context: Any) -> str:
    return "done"


def arn(context: Any) -> Any:
    return context.invoked_function_arn


def name(context: Any) -> list[str]:
    return [NAME, context.function_name]


def sleep(context: Any) -> None:
    time.sleep(5)


def remaining(context: Any) -> Any:
    return context.get_remaining_time_in_millis()


def client_context(context: Any) -> Any:
    return context.client_context.custom


def fail(context: Any) -> None:
    raise Exception("Raising an exception")
