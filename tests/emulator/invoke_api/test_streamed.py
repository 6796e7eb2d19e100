"""InvokeWithResponseStream, and streamed answers to a plain invoke."""

from __future__ import annotations

import asyncio
import base64
import json
import re

import pytest

from tests.emulator.event_messages import Messages
from tests.support.service import STREAM, function, running_service, scenario

pytestmark = pytest.mark.slow


@scenario
async def test_parts_arrive_as_the_function_yields_them() -> None:
    async with running_service(function("streams.count")) as served:
        await served.invoke({"to": 0})
        loop, arrivals, messages = asyncio.get_running_loop(), [], Messages()
        event = {"to": 3, "pause": 0.5}
        async with served.client.stream("POST", STREAM, json=event) as response:
            assert response.status_code == 200
            assert response.headers["content-type"] == "application/vnd.amazon.eventstream"
            assert response.headers["x-amz-executed-version"] == "$LATEST"
            async for data in response.aiter_raw():
                arrivals.append(loop.time())
                messages.feed(data)
        assert messages.chunks == [b"0\n", b"1\n", b"2\n"]
        assert messages.complete == {}
        assert arrivals[-1] - arrivals[0] > 1.2


@scenario
async def test_an_answer_in_one_piece_comes_as_one_chunk() -> None:
    async with running_service() as served:
        messages = Messages().feed((await served.invoke({"keep": 1}, STREAM)).content)
        assert json.loads(messages.payload)["event"] == {"keep": 1}
        assert messages.complete == {}


@scenario
async def test_an_error_before_the_stream_is_in_its_end() -> None:
    async with running_service() as served:
        response = await served.invoke({"fail": "boom"}, STREAM, X_Amz_Log_Type="Tail")
        messages = Messages().feed(response.content)
        assert response.status_code == 200
        assert messages.chunks == []
        assert messages.complete is not None
        assert messages.complete["ErrorCode"] == "Unhandled"
        assert json.loads(messages.complete["ErrorDetails"])["errorMessage"] == "boom"
        assert b"REPORT" in base64.b64decode(messages.complete["LogResult"])


@scenario
async def test_an_error_in_the_middle_comes_after_what_was_sent() -> None:
    async with running_service(function("streams.fail")) as served:
        messages = Messages().feed((await served.invoke({}, STREAM)).content)
        assert messages.payload == b"part"
        assert messages.complete is not None
        assert messages.complete["ErrorCode"]
        assert json.loads(messages.complete["ErrorDetails"])["errorMessage"] == "midway"


@scenario
async def test_an_error_in_the_middle_is_the_answer_to_a_plain_invoke() -> None:
    async with running_service(function("streams.fail")) as served:
        response = await served.invoke({})
        assert response.headers["x-amz-function-error"] == "Unhandled"
        assert response.json()["errorMessage"] == "midway"


@scenario
async def test_a_process_that_dies_in_the_middle_ends_the_stream_with_an_error() -> None:
    async with running_service(function("streams.die")) as served:
        messages = Messages().feed((await served.invoke({}, STREAM)).content)
        assert messages.complete is not None
        assert messages.complete["ErrorCode"] in ("Runtime.TruncatedResponse", "Runtime.ExitError")
        again = Messages().feed((await served.invoke({}, STREAM)).content)
        assert again.complete is not None


@scenario
async def test_a_timeout_in_the_middle_ends_the_stream_with_an_error() -> None:
    async with running_service(function("streams.count", timeout=3)) as served:
        response = await served.invoke({"to": 2, "pause": 60}, STREAM)
        messages = Messages().feed(response.content)
        assert messages.payload == b"0\n"
        assert messages.complete is not None
        assert messages.complete["ErrorCode"] == "Sandbox.Timedout"


@scenario
async def test_a_streamed_answer_to_a_plain_invoke_is_collected() -> None:
    async with running_service(function("streams.count")) as served:
        assert (await served.invoke({"to": 3})).content == b"0\n1\n2\n"


@scenario
async def test_a_stream_that_is_too_large_for_a_plain_invoke_is_an_error() -> None:
    async with running_service(function("streams.flood")) as served:
        response = await served.invoke({"blocks": 97})
        assert response.json()["errorType"] == "Function.ResponseSizeTooLarge"
        assert len((await served.invoke({"blocks": 96})).content) == 96 * 65_536


@scenario
async def test_an_http_prelude_passes_untouched() -> None:
    async with running_service(function("streams.page")) as served:
        messages = Messages().feed((await served.invoke({}, STREAM)).content)
        prelude, end, body = messages.payload.partition(b"\0" * 8)
        assert json.loads(prelude) == {"statusCode": 201, "headers": {"x-a": "b"}}
        assert (end, body) == (b"\0" * 8, b"body")


@scenario
async def test_a_slow_caller_slows_the_function() -> None:
    """Nothing piles up: the function stops when sockets are full, and goes on when they are not."""
    async with running_service(function("streams.flood")) as served:
        async with served.client.stream("POST", STREAM, json={"blocks": 1_000}) as response:
            written, before = 1, 0
            while written != before:  # until the function stands still
                before = written
                await asyncio.sleep(0.5)
                written = len(re.findall("block", served.text))
            assert written < 500
            messages = Messages()
            async for data in response.aiter_raw():
                messages.feed(data)
        assert len(messages.payload) == 1_000 * 65_536
        assert messages.complete == {}


@scenario
async def test_a_caller_who_leaves_ends_the_stream() -> None:
    async with running_service(function("streams.flood", concurrency=1)) as served:
        async with served.client.stream("POST", STREAM, json={"blocks": 100_000}) as response:
            await anext(response.aiter_raw())
        await served.log.wait_for("REPORT")
        log = await served.log.wait_for("closed\n")
        assert "the caller left before the end of the response" in log
        assert "block 99999\n" not in log
        assert (await served.invoke({"blocks": 1})).content == bytes(65_536)


@scenario
async def test_a_dry_run_streams_nothing() -> None:
    async with running_service(function("streams.count")) as served:
        response = await served.invoke({"to": 1}, STREAM, X_Amz_Invocation_Type="DryRun")
        assert response.status_code == 204
        response = await served.invoke({"to": 1}, STREAM, X_Amz_Invocation_Type="Event")
        assert response.status_code == 400
