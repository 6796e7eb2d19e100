"""The environment variables that a handler finds in Lambda, for as long as it runs in a test."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from lambda_ric.runtime.context import LambdaContext

UTC = ":UTC"
"""What TZ is in Lambda."""


@contextmanager
def lambda_variables(context: LambdaContext, env: Mapping[str, str]) -> Iterator[None]:
    """Set the variables that Lambda sets, and those of `env`, and put back what was there.

    The region of the process holds, if it has one. The time zone does not: Lambda's is UTC.
    """
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    variables = {
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": context.memory_limit_in_mb,
        "AWS_LAMBDA_FUNCTION_NAME": context.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": context.function_version,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": context.log_group_name,
        "AWS_LAMBDA_LOG_STREAM_NAME": context.log_stream_name,
        "AWS_REGION": region,
        "TZ": UTC,
        **env,
    }
    before = {name: os.environ.get(name) for name in variables}
    _set(variables)
    try:
        yield
    finally:
        _set(before)


def _set(variables: Mapping[str, str | None]) -> None:
    """Set these variables, or remove those that are None."""
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    if hasattr(time, "tzset"):  # Windows reads TZ once
        time.tzset()
