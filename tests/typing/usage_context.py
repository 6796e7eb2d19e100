"""What a type checker knows about the context. Checked, never run."""

from __future__ import annotations

from typing import Any

from typing_extensions import assert_type

from lambda_ric import ClientContext, CognitoIdentity, LambdaContext


def handler(event: dict[str, Any], context: LambdaContext) -> None:
    assert_type(context.aws_request_id, str)
    assert_type(context.function_name, str | None)
    assert_type(context.function_version, str | None)
    assert_type(context.invoked_function_arn, str)
    assert_type(context.memory_limit_in_mb, str | None)
    assert_type(context.log_group_name, str | None)
    assert_type(context.log_stream_name, str | None)
    assert_type(context.tenant_id, str | None)
    assert_type(context.identity, CognitoIdentity)
    assert_type(context.identity.cognito_identity_id, str | None)
    assert_type(context.client_context, ClientContext | None)
    assert_type(context.get_remaining_time_in_millis(), int)
    assert_type(context.w3c(), dict[str, str])
    context.log("text")
    if context.client_context is not None:
        assert_type(context.client_context.custom, dict[str, Any] | None)
    print(context.remaining)  # type: ignore[attr-defined]  # pyright: ignore
