"""The client of the Invoke API, blocking and asynchronous, against a scripted Lambda."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable
from typing import NamedTuple

import pytest

from lambda_ric.testing import (
    AsyncLambdaClient,
    InvokeRefused,
    InvokeRequest,
    InvokeResult,
    LambdaClient,
)
from lambda_ric.wire.event_stream import (
    EventStreamError,
    encode_message,
    invoke_complete,
    payload_chunk,
)
from tests.support.processes import environment
from tests.support.scripted_lambda import Scripted, scripted_lambda

ARN = "arn:aws:lambda:eu-west-1:123456789012:function:name"


class Streamed(NamedTuple):
    chunks: list[bytes]
    error_code: str | None


def invoke(url: str, request: InvokeRequest) -> InvokeResult:
    with LambdaClient(url) as client:
        return client.invoke(request)


def invoke_async(url: str, request: InvokeRequest) -> InvokeResult:
    async def run() -> InvokeResult:
        async with AsyncLambdaClient(url) as client:
            return await client.invoke(request)

    return asyncio.run(run())


def stream(url: str, request: InvokeRequest) -> Streamed:
    with LambdaClient(url) as client, client.stream(request) as answer:
        chunks = list(answer)
        assert answer.end is not None
        return Streamed(chunks, answer.end.error_code)


def stream_async(url: str, request: InvokeRequest) -> Streamed:
    async def run() -> Streamed:
        async with AsyncLambdaClient(url) as client, client.stream(request) as answer:
            chunks = [chunk async for chunk in answer]
            assert answer.end is not None
            return Streamed(chunks, answer.end.error_code)

    return asyncio.run(run())


Invoke = Callable[[str, InvokeRequest], InvokeResult]
Stream = Callable[[str, InvokeRequest], Streamed]
INVOKES = pytest.mark.parametrize("send", [invoke, invoke_async])
STREAMS = pytest.mark.parametrize("send", [stream, stream_async])


@INVOKES
def test_a_request_carries_all_that_was_asked_for(send: Invoke) -> None:
    request = InvokeRequest(
        b"{}", ARN, "Event", True, {"custom": {"a": 1}}, tenant_id="t", qualifier="live"
    )
    with scripted_lambda(Scripted(202)) as server:
        assert send(server.url, request).status == 202
    ((path, headers, body),) = server.requests
    name = ARN.replace(":", "%3A")
    assert (path, body) == (f"/2015-03-31/functions/{name}/invocations?Qualifier=live", b"{}")
    assert headers["x-amz-invocation-type"] == "Event"
    assert headers["x-amz-log-type"] == "Tail"
    assert headers["x-amz-client-context"] == b64encode(b'{"custom": {"a": 1}}').decode()
    assert headers["x-amz-tenant-id"] == "t"


@INVOKES
def test_a_result_has_the_error_and_the_log(send: Invoke) -> None:
    headers = {
        "X-Amz-Function-Error": "Unhandled",
        "X-Amz-Log-Result": b64encode("\N{BULLET} end".encode()[1:]).decode(),  # cut in a character
        "x-amzn-RequestId": "id",
    }
    with scripted_lambda(Scripted(headers=headers, parts=[b'{"errorType":', b' "E"}'])) as server:
        result = send(server.url, InvokeRequest(b"{}"))
    assert (result.function_error, result.payload) == ("Unhandled", {"errorType": "E"})
    assert result.log_tail is not None
    assert result.log_tail.endswith(" end")
    assert result.request_id == "id"


@INVOKES
@pytest.mark.parametrize(
    ("answer", "error_type", "message"),
    [
        (b'{"Message": "slow down"}', "TooManyRequestsException", "slow down"),
        (b"Bad Gateway", "error", "Bad Gateway"),
        (b"[1]", "error", "[1]"),
    ],
)
def test_a_refusal_names_its_error(
    send: Invoke, answer: bytes, error_type: str, message: str
) -> None:
    headers = {"x-amzn-ErrorType": f"{error_type}:http"} if error_type != "error" else {}
    scripted = scripted_lambda(Scripted(429, headers, [answer]))
    with scripted as server, pytest.raises(InvokeRefused) as caught:
        send(server.url, InvokeRequest(b"{}"))
    refused = caught.value
    assert (refused.status, refused.error_type, refused.message) == (429, error_type, message)


@STREAMS
def test_a_stream_has_chunks_and_an_end(send: Stream) -> None:
    messages = (
        payload_chunk(b"one") + payload_chunk(b"two") + invoke_complete(b'{"ErrorCode": "E"}')
    )
    parts = [messages[:5], messages[5:40], messages[40:]]
    with scripted_lambda(Scripted(parts=parts)) as server:
        assert send(server.url, InvokeRequest(b"{}")) == Streamed([b"one", b"two"], "E")
    path = server.requests[0][0]
    assert path == "/2021-11-15/functions/function/response-streaming-invocations"


@STREAMS
def test_a_stream_that_is_refused_names_its_error(send: Stream) -> None:
    headers = {"x-amzn-ErrorType": "ResourceNotFoundException"}
    answer = Scripted(404, headers, [b'{"Message": "no such function"}'])
    refused = pytest.raises(InvokeRefused, match=r"ResourceNotFoundException \(404\): no such")
    with scripted_lambda(answer) as server, refused:
        send(server.url, InvokeRequest(b"{}"))


@STREAMS
def test_a_stream_can_be_refused_in_the_middle(send: Stream) -> None:
    headers = {":message-type": "exception", ":exception-type": "TooManyRequestsException"}
    messages = payload_chunk(b"one") + encode_message(headers, b'{"message": "slow down"}')
    refused = pytest.raises(InvokeRefused, match=r"TooManyRequestsException .*: slow down")
    with scripted_lambda(Scripted(parts=[messages])) as server, refused:
        send(server.url, InvokeRequest(b"{}"))


@STREAMS
def test_a_stream_without_an_end_is_an_error(send: Stream) -> None:
    broken = pytest.raises(EventStreamError, match="broke off before its end")
    with scripted_lambda(Scripted(parts=[payload_chunk(b"one")])) as server, broken:
        send(server.url, InvokeRequest(b"{}"))


def test_without_httpx_it_names_the_extra() -> None:
    code = "import sys; sys.modules['httpx'] = None; import lambda_ric.testing.emulator"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, timeout=60
    )
    assert "the emulator's clients need httpx: pip install 'lambda-ric[local]'" in done.stderr
    assert done.stderr.count("Traceback") == 1
