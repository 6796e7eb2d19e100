"""What callers get who invoke a function and wait for its answer."""

from __future__ import annotations

import asyncio
import re

from tests.emulator.serving import function, serving


def test_a_result_comes_with_the_headers_of_the_service() -> None:
    async def scenario() -> None:
        async with serving() as served:
            response = await served.invoke({"keep": "é"})
            assert response.status_code == 200
            assert response.json()["event"] == {"keep": "é"}
            assert response.headers["content-type"] == "application/json"
            assert response.headers["x-amz-executed-version"] == "$LATEST"
            assert response.headers["x-amzn-requestid"] == response.json()["request_id"]
            assert response.headers["x-amzn-trace-id"].startswith("Root=1-")
            assert "x-amz-function-error" not in response.headers

    asyncio.run(scenario())


def test_start_end_and_report_stand_around_the_output() -> None:
    async def scenario() -> None:
        async with serving() as served:
            response = await served.invoke({"write": "one\ntwo"})
            request_id = response.json()["request_id"]
            assert re.fullmatch(
                f"START RequestId: {request_id} Version: \\$LATEST\n"
                "one\ntwo\n"
                f"END RequestId: {request_id}\n"
                f"REPORT RequestId: {request_id}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\t"
                "Memory Size: 3008 MB\tMax Memory Used: [1-9]\\d* MB\t"
                "Init Duration: [\\d.]+ ms\t\n",
                served.log,
            )

    asyncio.run(scenario())


def test_an_error_of_the_function_is_marked() -> None:
    async def scenario() -> None:
        async with serving() as served:
            response = await served.invoke({"fail": "boom"})
            assert response.status_code == 200
            assert response.headers["x-amz-function-error"] == "Unhandled"
            assert response.json()["errorType"] == "ValueError"
            assert response.json()["errorMessage"] == "boom"

    asyncio.run(scenario())


def test_parallel_invokes_run_in_parallel_environments() -> None:
    async def scenario() -> None:
        async with serving(function(concurrency=3)) as served:
            invokes = [served.invoke({"sleep": 0.5}) for _ in range(3)]
            responses = await asyncio.gather(*invokes)
            assert len({response.json()["pid"] for response in responses}) == 3
            again = await served.invoke({})
            assert again.json()["pid"] in {response.json()["pid"] for response in responses}

    asyncio.run(scenario())
