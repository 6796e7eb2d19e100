from __future__ import annotations

import re

from lambda_ric import LambdaContext
from lambda_ric.testing import fake_context


def test_it_is_a_real_context() -> None:
    context = fake_context()
    assert type(context) is LambdaContext
    assert 299_000 < context.get_remaining_time_in_millis() <= 300_000
    assert re.fullmatch(r"[0-9a-f-]{36}", context.aws_request_id)
    assert context.aws_request_id != fake_context().aws_request_id
    assert context.client_context is None
    assert context.identity.cognito_identity_id is None
    assert context.tenant_id is None


def test_values_not_given_are_derived_from_the_name() -> None:
    context = fake_context(function_name="orders", function_version="7", memory=512)
    assert context.function_name == "orders"
    assert context.invoked_function_arn == ("arn:aws:lambda:us-east-1:012345678912:function:orders")
    assert context.memory_limit_in_mb == "512"
    assert context.log_group_name == "/aws/lambda/orders"
    assert context.log_stream_name is not None
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[7\][0-9a-f]{32}", context.log_stream_name)


def test_everything_can_be_given() -> None:
    context = fake_context(
        timeout=900,
        request_id="r",
        function_arn="arn:x",
        client_context={"custom": {"a": 1}, "env": {"locale": "de"}, "client": {"app_title": "t"}},
        identity={"cognitoIdentityId": "i", "cognitoIdentityPoolId": "p"},
        tenant_id="blue",
        log_group_name="g",
        log_stream_name="s",
    )
    assert 899_000 < context.get_remaining_time_in_millis() <= 900_000
    assert (context.aws_request_id, context.invoked_function_arn) == ("r", "arn:x")
    assert context.client_context is not None
    assert context.client_context.custom == {"a": 1}
    assert context.client_context.client is not None
    assert context.client_context.client.app_title == "t"
    assert context.identity.cognito_identity_pool_id == "p"
    assert (context.tenant_id, context.log_group_name, context.log_stream_name) == (
        "blue",
        "g",
        "s",
    )


def test_time_that_is_over_is_zero() -> None:
    assert fake_context(timeout=-1).get_remaining_time_in_millis() == 0
