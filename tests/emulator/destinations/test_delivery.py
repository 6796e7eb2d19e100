"""The records of Event invokes, and how they reach other functions."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from typing import Any

import pytest

from lambda_ric.emulator import FunctionConfig
from tests.support.service import RunningService, function, running_service, scenario

pytestmark = pytest.mark.slow

EVENT = {"X_Amz_Invocation_Type": "Event"}
SOURCE = "/2015-03-31/functions/source/invocations"
ARN = "arn:aws:lambda:us-east-1:012345678912:function:"


def source(handler: str = "app.handler", **options: Any) -> FunctionConfig:
    return function(handler, name="source", **options)


def keeper(**options: Any) -> FunctionConfig:
    return function("app.keep_record", name="keeper", **options)


async def send(served: RunningService, event: Any, path: str = SOURCE) -> str:
    response = await served.invoke(event, path, **EVENT)
    assert response.status_code == 202
    request_id: str = response.headers["x-amzn-requestid"]
    return request_id


async def record(served: RunningService, number: int = 1) -> dict[str, Any]:
    """Return a record that the keeper has printed."""
    await served.log.wait_for("record {", number)
    found: dict[str, Any] = json.loads(re.findall(r"record (\{.*)", served.text)[number - 1])
    return found


@scenario
async def test_a_success_is_recorded_as_the_service_does() -> None:
    async with running_service(source(on_success="keeper"), keeper()) as served:
        request_id = await send(served, {"keep": 1.50})
        found = await record(served)
        assert list(found) == [
            *("version", "timestamp", "requestContext"),
            *("requestPayload", "responseContext", "responsePayload"),
        ]
        assert found["version"] == "1.0"
        assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["timestamp"])
        assert list(found["requestContext"].items()) == [
            ("requestId", request_id),
            ("functionArn", f"{ARN}source:$LATEST"),
            ("condition", "Success"),
            ("approximateInvokeCount", 1),
        ]
        assert found["requestPayload"] == {"keep": 1.5}
        assert found["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
        assert found["responsePayload"]["event"] == {"keep": 1.5}


@scenario
async def test_a_failure_is_recorded_after_the_last_attempt() -> None:
    one = source(on_failure=f"{ARN}keeper", on_success="keeper", maximum_retry_attempts=1)
    async with running_service(one, keeper()) as served:
        request_id = await send(served, {"fail": "boom"}, SOURCE.replace("source", "source:live"))
        await served.log.wait_for("REPORT")
        served.service.clock.advance(60)
        found = await record(served)
        assert found["requestContext"] == {
            "requestId": request_id,
            "functionArn": f"{ARN}source:live",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 2,
        }
        assert found["responseContext"] == {
            "statusCode": 200,
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
        }
        assert found["responsePayload"]["errorMessage"] == "boom"
        assert "Event dropped after 2 attempts: " in served.text


@scenario
async def test_an_event_ends_when_its_next_attempt_would_come_too_late() -> None:
    """As recorded with a maximum age of 60 seconds, and of more than that."""
    for age, attempts in ((60, 1), (100, 2)):
        one = source(on_failure="keeper", maximum_event_age=age)
        async with running_service(one, keeper()) as served:
            await send(served, {"fail": "boom"})
            for attempt in range(1, attempts):
                await served.log.wait_for("REPORT", attempt)
                served.service.clock.advance(60)
            context = (await record(served))["requestContext"]
            assert context["condition"] == "EventAgeExceeded"
            assert context["approximateInvokeCount"] == attempts
            assert f"at its maximum age of {age} seconds: " in served.text


@pytest.mark.parametrize("throttle", [False, True])
def test_an_event_that_waits_too_long_for_its_turn_never_runs(throttle: bool) -> None:
    @scenario
    async def never_runs() -> None:
        one = source(on_failure="keeper", maximum_event_age=60, concurrency=1, throttle=throttle)
        async with running_service(one, keeper()) as served:
            busy = asyncio.create_task(
                served.invoke(
                    {"write": "here\n", "sleep": 2}, "/2015-03-31/functions/source/invocations"
                )
            )
            await served.log.wait_for("here")
            await send(served, {"write": "never\n"})
            served.service.clock.advance(61)
            found = await record(served)
            assert found["requestContext"]["condition"] == "EventAgeExceeded"
            assert found["requestContext"]["approximateInvokeCount"] == 0
            assert found.keys().isdisjoint({"responseContext", "responsePayload"})
            assert (await busy).status_code == 200
            assert "Event dropped after 0 attempts" in served.text
            assert "\nnever" not in served.text

    never_runs()


@scenario
async def test_a_response_that_is_not_json_is_a_text_in_the_record() -> None:
    one = source("app.not_json_text", on_success="keeper")
    async with running_service(one, keeper()) as served:
        await send(served, {})
        assert (await record(served))["responsePayload"] == "not {json"


@scenario
async def test_functions_that_are_each_others_destinations_end_at_some_time() -> None:
    chain = (source("app.keep_record", on_success="keeper"), keeper(on_success="source"))
    async with running_service(*chain) as served:
        await send(served, {})
        log = await served.log.wait_for("Record not sent to ")
        assert "it was the 16th in a chain of destinations" in log
        assert log.count("START RequestId") == 17


@scenario
async def test_a_record_that_is_too_large_for_an_event_is_reported_and_others_go_on() -> None:
    async with running_service(source("app.size", on_success="keeper"), keeper()) as served:
        large = json.dumps("x" * 1_048_500).encode()
        response = await served.client.post(
            SOURCE, content=large, headers={"X-Amz-Invocation-Type": "Event"}
        )
        assert response.status_code == 202
        log = await served.log.wait_for("Record not sent to keeper: ")
        assert "bytes are more than an event may have" in log
        await send(served, "small")
        assert (await record(served))["responsePayload"] == 5


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@scenario
async def test_a_queue_that_cannot_be_reached_is_reported_and_others_get_their_records() -> None:
    url = f"http://127.0.0.1:{closed_port()}/000000000000/records"
    one = source(on_success=url, on_failure="keeper", maximum_retry_attempts=0)
    async with running_service(one, keeper()) as served:
        request_id = await send(served, {})
        await send(served, {"fail": "boom"})
        assert (await record(served))["requestContext"]["condition"] == "RetriesExhausted"
        log = await served.log.wait_for("Record not sent to ")
        assert f"{request_id} Record not sent to {url}: Could not connect" in log


@scenario
async def test_a_record_that_is_still_on_its_way_is_reported_at_the_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/000000000000/records"
        async with running_service(source(on_success=url)) as served:
            await send(served, {})
            await served.log.wait_for("REPORT")
            connection, _ = await asyncio.to_thread(deaf.accept)
            await served.service.stop()
            connection.close()
            assert "records that were not sent to their destinations: 1" in served.text
