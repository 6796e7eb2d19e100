"""The client of the Runtime API in this process, for what a runtime rarely meets."""

from __future__ import annotations

import pytest

from lambda_ric.runtime.client import RuntimeApiClient
from lambda_ric.runtime.errors import Undelivered
from lambda_ric.runtime.settings import Settings
from lambda_ric.testing import RuntimeApi
from lambda_ric.wire.runtime_api import MAX_XRAY_CAUSE, Invocation

XRAY_CAUSE = "lambda-runtime-function-xray-error-cause"


def client_of(api: RuntimeApi) -> RuntimeApiClient:
    return RuntimeApiClient(Settings(["app.handler"], {"AWS_LAMBDA_RUNTIME_API": api.address}))


@pytest.mark.parametrize("excess", [-1, 0])
def test_an_x_ray_cause_is_left_out_from_the_size_at_which_lambda_refuses_it(excess: int) -> None:
    with RuntimeApi() as api:
        client = client_of(api)
        client.fail(Invocation("id", b""), b"{}", "x" * (MAX_XRAY_CAUSE + excess))
        client.close()
        (post,) = api.posts
    assert (XRAY_CAUSE in {name.decode().lower() for name, _ in post.fields}) == (excess < 0)


def test_the_rest_of_a_stream_that_was_closed_is_undelivered() -> None:
    with RuntimeApi() as api, pytest.raises(Undelivered, match="closed before its end"):
        client_of(api).send(b"more")
