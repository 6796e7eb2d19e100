"""A context for handlers under test: the real class, filled with made-up values."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.runtime.context import LambdaContext
from lambda_ric.wire.runtime_api import Invocation


def fake_context(
    *,
    timeout: float = FunctionConfig.timeout,
    function_name: str = FunctionConfig.name,
    function_version: str = FunctionConfig.version,
    memory: int = FunctionConfig.memory,
    request_id: str | None = None,
    function_arn: str | None = None,
    client_context: Mapping[str, Any] | None = None,
    identity: Mapping[str, str] | None = None,
    tenant_id: str | None = None,
    log_group_name: str | None = None,
    log_stream_name: str | None = None,
) -> LambdaContext:
    """Return a LambdaContext as a handler gets it; values that are not given are made up.

    `timeout` is in seconds from now and what get_remaining_time_in_millis counts down from,
    `memory` in MB; both have the emulator's defaults. `client_context` has the keys custom, env
    and client, `identity` the keys cognitoIdentityId and cognitoIdentityPoolId.
    """
    arn = FunctionConfig(name=function_name).arn()
    invocation = Invocation(
        request_id or str(uuid4()),
        b"",
        deadline_ms=int((time.time() + timeout) * 1000),
        function_arn=function_arn or arn,
        client_context=None if client_context is None else json.dumps(client_context),
        cognito_identity=None if identity is None else json.dumps(identity),
        tenant_id=tenant_id,
    )
    context = LambdaContext(invocation)
    context.function_name = function_name
    context.function_version = function_version
    context.memory_limit_in_mb = str(memory)
    context.log_group_name = log_group_name or f"/aws/lambda/{function_name}"
    stream = f"{time.strftime('%Y/%m/%d')}/[{function_version}]{uuid4().hex}"
    context.log_stream_name = log_stream_name or stream
    return context
