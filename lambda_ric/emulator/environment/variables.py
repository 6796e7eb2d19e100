"""The environment variables of a function's process.

Source: "Using Lambda environment variables" in the AWS Lambda developer guide, and recordings of
a function that loads. `LC_CTYPE` is there when Python itself sets it. Variables that
only AWS's base images set, such as `AWS_EXECUTION_ENV`, stay as they are inherited.
"""

from __future__ import annotations

import os
from datetime import datetime, timezone

from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import new_trace_id

_OF_THE_RUNTIME = frozenset(
    (
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
        "PWD",
        "_AWS_XRAY_DAEMON_ADDRESS",
        "_AWS_XRAY_DAEMON_PORT",
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
    )
)


def function_variables(
    function: FunctionConfig, runtime_api: str, endpoint: str | None
) -> dict[str, str]:
    """Return all the variables of a process that serves the function.

    `runtime_api` is the `host:port` that it polls. `endpoint` is the URL of the emulator, so that
    invokes of the function through an AWS SDK stay local, or None when nothing listens.
    """
    variables = {
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "_AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1",
        "_AWS_XRAY_DAEMON_PORT": "2000",
        "LAMBDA_RIC_LOCAL": "1",
        "TZ": ":UTC",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start" if function.snap_start else "on-demand",
        # Tracers see a task root as a sign of AWS, and look for a daemon that does not run here.
        "POWERTOOLS_TRACE_DISABLED": "true",
        # Files change here, and an older bundle must not hide that.
        "LAMBDA_RIC_BUNDLE_CHECK": "all",
    }
    if function.directory:
        variables["LAMBDA_TASK_ROOT"] = function.directory
    if endpoint:
        variables["AWS_ENDPOINT_URL_LAMBDA"] = endpoint
    variables |= function.environment
    if endpoint and function.durable is not None:
        variables |= _for_checkpoints(function, variables, endpoint)
    variables |= {
        "PWD": os.path.abspath(function.directory or os.curdir),
        "SHLVL": "0",
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": _log_stream(function.version),
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "_X_AMZN_TRACE_ID": new_trace_id(),  # of the initialization
    }
    if function.handler:
        variables["_HANDLER"] = function.handler
    return variables


def _for_checkpoints(
    function: FunctionConfig, variables: dict[str, str], endpoint: str
) -> dict[str, str]:
    """Return what lets the SDK of a durable function checkpoint here.

    A terminal may have the URL of another emulator, for `lambda-ric invoke`; no other one knows
    the executions of this function.
    """
    from lambda_ric.emulator.environment.credentials import PLACEHOLDERS, has_credentials

    given = function.own_environment.get("AWS_ENDPOINT_URL_LAMBDA", endpoint)
    credentials = {} if has_credentials(variables) else PLACEHOLDERS
    return {"AWS_ENDPOINT_URL_LAMBDA": given, **credentials}


def has_json_logs(function: FunctionConfig) -> bool:
    """Return whether the function's log format is JSON."""
    return function.environment.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"


def extension_variables(variables: dict[str, str]) -> dict[str, str]:
    """Return those of the function's variables that Lambda gives to external extensions.

    AWS's samples of extensions know by AWS_SAM_LOCAL that the host `sandbox` has no address here.
    """
    given = {name: value for name, value in variables.items() if name not in _OF_THE_RUNTIME}
    return {"AWS_SAM_LOCAL": "true", **given}


def _log_stream(version: str) -> str:
    today = datetime.now(timezone.utc).strftime("%Y/%m/%d")
    return f"{today}/[{version}]{os.urandom(16).hex()}"
