"""The Runtime API, asked by a runtime that the tests play themselves."""

from __future__ import annotations

import asyncio
import base64

import httpx
import pytest

from tests.support.played import NEXT, VERSION, arrived, playing
from tests.support.service import scenario


def error(error_type: str, message: str) -> dict[str, str]:
    return {"errorMessage": message, "errorType": error_type}


@scenario
async def test_next_gives_the_payload_and_what_is_known_of_the_invocation() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(
            played.served.client.post("/2015-03-31/functions/f/invocations", content=b'{"a" : 1}')
        )
        response = await played.api.get(NEXT)
        assert response.content == b'{"a" : 1}'
        fields = response.headers
        assert fields["content-type"] == "application/json"
        assert int(fields["lambda-runtime-deadline-ms"]) > 1e12
        assert fields["lambda-runtime-invoked-function-arn"].endswith(":function:test_function")
        assert fields["lambda-runtime-trace-id"].startswith("Root=1-")
        assert "lambda-runtime-client-context" not in fields
        accepted = await played.answer(fields["lambda-runtime-aws-request-id"], b'"done"')
        assert (accepted.status_code, accepted.text) == (202, '{"status":"OK"}\n')
        assert (await caller).json() == "done"


@scenario
async def test_an_error_goes_to_the_caller_as_it_is() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        response = await played.api.post(
            f"{VERSION}/invocation/{request_id}/error",
            content=b'{"errorType": "E"}',
            headers={"Lambda-Runtime-Function-Error-Type": "Function.Odd"},
        )
        assert response.status_code == 202
        assert (await caller).content == b'{"errorType": "E"}'
        assert (await caller).headers["x-amz-function-error"] == "Unhandled"
        assert "Error Type: Function.Odd" in played.served.text


@scenario
async def test_the_cause_for_x_ray_does_not_reach_the_caller() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        await played.api.post(
            f"{VERSION}/invocation/{request_id}/error",
            json={"errorType": "E", "errorCause": {"a": 1}, "errorMessage": "m"},
            headers={"Content-Type": "application/vnd.aws.lambda.error.cause+json"},
        )
        assert (await caller).json() == {"errorType": "E", "errorMessage": "m"}


@scenario
async def test_answers_that_are_not_expected_are_refused_and_reach_nobody() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        stray = await played.answer("00000000-0000-4000-8000-000000000000")
        assert stray.status_code == 400
        assert stray.json() == error("InvalidRequestID", "Invalid request ID")
        assert (await played.answer(request_id, b"1")).status_code == 202
        second = await played.answer(request_id, b"2")
        assert second.status_code == 403
        assert second.json() == error(
            "InvalidStateTransition",
            "State transition from returning failed for runtime. "
            "Error: State transition is not allowed",
        )
        assert (await caller).json() == 1


@scenario
async def test_a_mode_that_is_not_known_is_refused_and_can_be_corrected() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        refused = await played.api.post(
            f"{VERSION}/invocation/{request_id}/response",
            content=b"1",
            headers={"Lambda-Runtime-Function-Response-Mode": "buffered"},
        )
        assert refused.status_code == 400
        assert refused.json() == error(
            "InvalidFunctionResponseMode", "Invalid function response mode"
        )
        assert (await played.answer(request_id, b"2")).status_code == 202
        assert (await caller).json() == 2


@scenario
async def test_a_runtime_that_asks_again_gets_the_same_invocation_again() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        assert await played.take() == request_id
        await played.answer(request_id)
        assert (await caller).status_code == 200
        assert played.served.text.count("START") == 1


@scenario
async def test_a_second_worker_does_not_get_the_invocation_of_the_first() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({"n": 1}))
        first = await played.take()
        async with httpx.AsyncClient(
            base_url=played.api.base_url, timeout=30, verify=False
        ) as other:
            waiting = asyncio.ensure_future(other.get(NEXT))
            another = asyncio.ensure_future(played.served.invoke({"n": 2}))
            await played.answer(first)
            await caller
            second = (await waiting).headers["lambda-runtime-aws-request-id"]
            assert second != first
            await played.answer(second)
            assert (await another).status_code == 200


@scenario
async def test_a_runtime_that_loses_its_connection_while_idle_can_come_back() -> None:
    async with playing() as played:
        lost = asyncio.ensure_future(played.api.get(NEXT))
        await arrived()
        lost.cancel()
        await asyncio.gather(lost, return_exceptions=True)
        await arrived()
        caller = asyncio.ensure_future(played.served.invoke({}))
        await played.answer(await played.take())
        assert (await caller).status_code == 200


@scenario
async def test_an_error_of_loading_goes_to_the_caller() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.service.invoke(b"{}"))
        await asyncio.sleep(0)  # now it waits
        response = await played.api.post(
            f"{VERSION}/init/error",
            content=b'{"errorType": "E"}',
            headers={"Lambda-Runtime-Function-Error-Type": "Runtime.Odd"},
        )
        assert response.status_code == 202
        assert (await caller).payload == b'{"errorType": "E"}'
        assert "Phase: init\tStatus: error\tError Type: Runtime.Odd\n" in played.served.text


@scenario
async def test_an_error_of_loading_is_refused_when_the_runtime_has_loaded() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        assert (await played.api.post(f"{VERSION}/init/error")).status_code == 403
        await played.answer(request_id)
        assert (await caller).status_code == 200


@scenario
async def test_a_restore_is_released_at_once() -> None:
    async with playing() as played:
        restored = await played.api.get(f"{VERSION}/restore/next")
        assert (restored.status_code, restored.content) == (200, b"")
        caller = asyncio.ensure_future(played.served.invoke({}))
        await played.answer(await played.take())
        assert (await caller).status_code == 200
        assert (await played.api.get(f"{VERSION}/restore/next")).status_code == 403


@scenario
async def test_trailers_tell_that_a_stream_has_failed() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        reader, writer = await asyncio.open_connection("127.0.0.1", played.api.base_url.port)
        details = base64.b64encode(b'{"errorType": "E"}').decode()
        writer.write(
            f"POST {VERSION}/invocation/{request_id}/response HTTP/1.1\r\nHost: localhost\r\n"
            "Lambda-Runtime-Function-Response-Mode: streaming\r\nTransfer-Encoding: chunked\r\n"
            "Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n"
            "\r\n4\r\npart\r\n0\r\nLambda-Runtime-Function-Error-Type: Function.Odd\r\n"
            f"Lambda-Runtime-Function-Error-Body: {details}\r\n\r\n".encode()
        )
        assert b" 202 " in await reader.readline()
        writer.close()
        assert (await caller).json() == {"errorType": "E"}
        assert (await caller).headers["x-amz-function-error"] == "Unhandled"


@scenario
async def test_a_response_that_breaks_off_is_an_error() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        request_id = await played.take()
        _, writer = await asyncio.open_connection("127.0.0.1", played.api.base_url.port)
        writer.write(
            f"POST {VERSION}/invocation/{request_id}/response HTTP/1.1\r\nHost: localhost\r\n"
            "Content-Length: 100\r\n\r\nonly a part".encode()
        )
        await writer.drain()
        writer.close()
        assert (await caller).json()["errorType"] == "Runtime.TruncatedResponse"


@scenario
async def test_a_response_that_is_too_large_is_refused() -> None:
    async with playing() as played:
        caller = asyncio.ensure_future(played.served.invoke({}))
        refused = await played.answer(await played.take(), bytes(6_291_557))
        assert refused.status_code == 413
        assert refused.json() == error(
            "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes)."
        )
        assert (await caller).json()["errorType"] == "Function.ResponseSizeTooLarge"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/2018-06-01/ping", 200),
        ("GET", "/nothing", 404),
        ("POST", NEXT, 405),
        ("GET", f"{VERSION}/invocation/x/response", 405),
        ("POST", f"{VERSION}/invocation/x/other", 404),
        ("PUT", "/2022-07-01/telemetry", 403),
        ("PUT", "/2020-08-15/logs", 403),
        ("GET", "/2022-07-01/telemetry", 405),
    ],
)
@scenario
async def test_other_paths_have_the_status_that_lambda_gives(
    method: str, path: str, status: int
) -> None:
    async with playing() as played:
        assert (await played.api.request(method, path)).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost.evil.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Mode": "no-cors"},
    ],
)
@scenario
async def test_a_web_page_gets_no_invocation(headers: dict[str, str]) -> None:
    async with playing() as played:
        invoke = asyncio.ensure_future(played.served.invoke({"secret": 1}))
        refused = await played.api.get(NEXT, headers=headers)
        assert refused.status_code == 403
        assert "secret" not in refused.text
        request_id = await played.take()
        forged = f"{VERSION}/invocation/{request_id}/response"
        refused = await played.api.post(forged, content=b'{"forged":true}', headers=headers)
        assert refused.status_code == 403
        await played.answer(request_id, b'"right"')
        assert (await invoke).json() == "right"


@scenario
async def test_a_runtime_may_name_the_machine_or_its_address() -> None:
    async with playing() as played:
        port = played.api.base_url.port
        for host in (f"localhost:{port}", f"127.0.0.1:{port}", "10.0.0.7:9001", "[::1]:9001"):
            answer = await played.api.get("/2018-06-01/ping", headers={"Host": host})
            assert answer.text == "pong"
