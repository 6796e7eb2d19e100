"""The Runtime API for one of several loops, in this process."""

from __future__ import annotations

import pytest

from lambda_ric.ondemand.concurrency.client import RetryingRuntimeApiClient
from lambda_ric.runtime.errors import STREAM_INTERRUPTED, RuntimeApiError, Undelivered
from lambda_ric.testing import RuntimeApi
from lambda_ric.wire.runtime_api import Invocation
from tests.support.runtime import settings_for


def client_of(api: RuntimeApi) -> RetryingRuntimeApiClient:
    return RetryingRuntimeApiClient(settings_for(api.address))


def test_an_init_error_that_another_loop_has_reported_is_not_a_failure() -> None:
    with RuntimeApi(posts=[403]) as api:
        client = client_of(api)
        client.fail_init("Runtime.ImportModuleError", b"{}")
        client.close()


def test_an_init_error_that_is_refused_otherwise_is_a_failure() -> None:
    with RuntimeApi(posts=[500]) as api:
        client = client_of(api)
        with pytest.raises(RuntimeApiError, match="500"):
            client.fail_init("Runtime.ImportModuleError", b"{}")
        client.close()


def test_a_stream_that_cannot_begin_fails_its_invocation_alone() -> None:
    with RuntimeApi() as api:
        client = client_of(api)
    with pytest.raises(Undelivered) as raised:
        client.open_stream(Invocation("id", b""), "text/plain", b"")
    assert raised.value.error_type == STREAM_INTERRUPTED
