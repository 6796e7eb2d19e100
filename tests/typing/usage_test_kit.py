"""The test kit, the hooks and the JSON seam, as users write them. Checked, never run."""

from __future__ import annotations

import json
from typing import Any

from typing_extensions import assert_type

from lambda_ric import (
    LambdaContext,
    after_restore,
    before_fork,
    before_snapshot,
    on_shutdown,
    use_json,
)
from lambda_ric.testing import (
    HandlerResult,
    InvokeRequest,
    LambdaClient,
    LambdaEmulator,
    LambdaInvoke,
    fake_context,
    invoke,
)
from lambda_ric.testing import nothing as nothing  # type: ignore[attr-defined]  # pyright: ignore
from lambda_ric.testing.events import Event, sample, sqs


def handler(event: Event, context: LambdaContext) -> str:
    return "a"


def test_handler() -> None:
    context = fake_context(timeout=5, client_context={"custom": {"a": 1}})
    assert_type(context, LambdaContext)
    result = invoke(handler, sqs("hello", fifo=True), context)
    assert_type(result, HandlerResult)
    assert_type(result.chunks, list[bytes])
    assert_type(result.error, dict[str, Any] | None)
    assert_type(result.logs, str)
    assert_type(sample("s3/put", key="a"), Event)
    with LambdaClient("http://localhost:9000") as client:
        answer = client.invoke(InvokeRequest(b"{}", log_tail=True))
        assert_type(answer.function_error, str | None)
        with client.stream(InvokeRequest(b"{}")) as chunks:
            for chunk in chunks:
                assert_type(chunk, bytes)
    fake_context(timeout="5")  # type: ignore[arg-type]  # pyright: ignore
    sqs(fifo="yes")  # type: ignore[arg-type]  # pyright: ignore


def test_fixtures(lambda_invoke: LambdaInvoke, lambda_emulator: LambdaEmulator) -> None:
    assert_type(lambda_invoke(handler, {}, env={"A": "b"}).raise_for_error(), HandlerResult)
    assert_type(lambda_emulator("app.handler", timeout=5).url, str)
    lambda_invoke(handler, env={"A": 1})  # type: ignore[dict-item]  # pyright: ignore


@on_shutdown
def flush() -> None:
    """Write what is left."""


@before_fork
@before_snapshot
@after_restore
async def connect() -> int:
    return 1


assert_type(flush(), None)
use_json(loads=json.loads, default=str)
use_json(dumps=1)  # type: ignore[arg-type]  # pyright: ignore
