"""The client of the Runtime API in this process, for what a runtime rarely meets."""

from __future__ import annotations

import pytest

from lambda_ric.runtime.client import RuntimeApiClient
from lambda_ric.runtime.errors import Undelivered
from lambda_ric.testing import RuntimeApi
from lambda_ric.wire.runtime_api import MAX_XRAY_CAUSE, Invocation
from tests.support.runtime import settings_for

XRAY_CAUSE = "lambda-runtime-function-xray-error-cause"


def client_of(api: RuntimeApi) -> RuntimeApiClient:
    return RuntimeApiClient(settings_for(api.address))


@pytest.mark.parametrize(("size", "sent"), [(MAX_XRAY_CAUSE - 1, True), (MAX_XRAY_CAUSE, False)])
def test_an_x_ray_cause_is_sent_up_to_the_size_that_lambda_takes(size: int, sent: bool) -> None:
    with RuntimeApi() as api:
        client = client_of(api)
        client.fail(Invocation("id", b""), b"{}", "x" * size)
        client.close()
        (post,) = api.posts
    causes = [value for name, value in post.fields if name.decode().lower() == XRAY_CAUSE]
    assert causes == [b"x" * size if sent else b""]


def test_the_rest_of_a_stream_that_was_closed_is_undelivered() -> None:
    with RuntimeApi() as api, pytest.raises(Undelivered, match="closed before its end"):
        client_of(api).send(b"more")
