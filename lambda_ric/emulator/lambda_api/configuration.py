"""How the Lambda API describes a function: as one of a container image, which the runtime is for.

What only a published image has, such as a digest, is left out.
"""

from __future__ import annotations

import os
import platform
from math import ceil
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lambda_ric.aws.region import partition_of
from lambda_ric.emulator.function import ACCOUNT, LATEST, FunctionConfig
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.scheduling.scheduler import Scheduler

Description = dict[str, Any]

_CREDENTIALS = frozenset(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"))
"""Variables that Lambda sets itself, and lets nobody configure; here they are not shown."""

_ARM = ("arm64", "aarch64")


def described(scheduler: Scheduler, qualifier: str | None = None) -> Description:
    """Return the whole configuration; the ARN and the version are those of the qualifier."""
    return listed(scheduler, qualifier) | {"State": "Active", "LastUpdateStatus": "Successful"}


def listed(scheduler: Scheduler, qualifier: str | None = None) -> Description:
    """Return the configuration as lists have it, without a state."""
    function = scheduler.function
    modified = timestamp(scheduler.modified)
    arn = function.arn(qualifier)
    description: Description = {
        "FunctionName": function.name,
        "FunctionArn": arn,
        "Role": f"arn:{partition_of(function.region).name}:iam::{ACCOUNT}:role/{function.name}",
        "CodeSize": 0,  # as for all images
        "Description": "",
        "Timeout": ceil(function.timeout),
        "MemorySize": function.memory,
        "LastModified": modified,
        "RevisionId": str(uuid5(NAMESPACE_URL, f"{arn} {modified}")),
        "Version": function.executed_version(qualifier),
        "Environment": {"Variables": _shown_variables(function)},
        "TracingConfig": {"Mode": "PassThrough"},
        "PackageType": "Image",
        "ImageConfigResponse": {"ImageConfig": _image_config(function)},
        "Architectures": ["arm64" if platform.machine().lower() in _ARM else "x86_64"],
        "EphemeralStorage": {"Size": 512},
        "SnapStart": _snap_start(function),
        "LoggingConfig": _logging(function),
    }
    if function.tenant_isolation:
        description["TenancyConfig"] = {"TenantIsolationMode": "PER_TENANT"}
    if function.durable is not None:
        description["DurableConfig"] = {
            "ExecutionTimeout": function.durable.execution_timeout,
            "RetentionPeriodInDays": function.durable.retention_days,
        }
    return description


def code_of(function: FunctionConfig) -> Description:
    """Return where the code is: in a folder of this machine."""
    return {"RepositoryType": "local", "Location": Path(_directory(function)).as_uri()}


def concurrency_of(function: FunctionConfig) -> Description:
    """Return the reserved concurrency. Without `throttle` nothing is refused at the limit."""
    if not function.throttle:
        return {}
    return {"ReservedConcurrentExecutions": function.concurrency}


def timestamp(moment: float) -> str:
    """Return a time, in seconds since the epoch, as the members of a configuration have it."""
    return platform_events.timestamp(moment).replace("Z", "+0000")


def _shown_variables(function: FunctionConfig) -> dict[str, str]:
    own = function.own_environment
    return {name: value for name, value in own.items() if name not in _CREDENTIALS}


def _image_config(function: FunctionConfig) -> Description:
    command = list(function.command)
    handler = [function.handler] if function.handler else []
    if handler and command[-1:] == handler:
        command.pop()
    return {
        "EntryPoint": command,
        "Command": handler,
        "WorkingDirectory": _directory(function),
    }


def _snap_start(function: FunctionConfig) -> Description:
    if not function.snap_start:
        return {"ApplyOn": "None", "OptimizationStatus": "Off"}
    published = function.version != LATEST
    return {"ApplyOn": "PublishedVersions", "OptimizationStatus": "On" if published else "Off"}


def _logging(function: FunctionConfig) -> Description:
    given = function.environment
    group = f"/aws/lambda/{function.name}"
    if given.get("AWS_LAMBDA_LOG_FORMAT") != "JSON":
        return {"LogFormat": "Text", "LogGroup": group}
    level = given.get("AWS_LAMBDA_LOG_LEVEL", "INFO").upper()
    return {
        "LogFormat": "JSON",
        "ApplicationLogLevel": level,
        "SystemLogLevel": "INFO",
        "LogGroup": group,
    }


def _directory(function: FunctionConfig) -> str:
    return os.path.abspath(function.directory or os.curdir)
