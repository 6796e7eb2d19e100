"""Executions that are started by HTTP requests and events, and how long they take and are kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from lambda_ric.cli.main import main
from lambda_ric.emulator import ApiError
from lambda_ric.testing import Emulator
from tests.support import web

HANDLERS = Path(__file__).parents[1] / "handlers"
DAY = 86_400


@pytest.mark.parametrize("mode", ["BUFFERED", "RESPONSE_STREAM"])
def test_an_http_request_is_answered_when_its_execution_ends(mode: str) -> None:
    with Emulator(
        "durable.answers",
        cwd=HANDLERS,
        http="function-url",
        invoke_mode=mode,
        durable=True,
        skip_time=True,
    ) as emulator:
        answer = web.get(f"{emulator.http_url}orders/7")
        assert (answer.status_code, answer.text) == (201, "path /orders/7")
        (execution,) = emulator.executions.list()
        assert execution.status == "SUCCEEDED"
        assert execution.events.count("InvocationCompleted") == 2


def test_a_gateway_waits_its_time_for_an_execution_which_goes_on() -> None:
    with Emulator("durable.answers", cwd=HANDLERS, http="http-api", durable=True) as emulator:

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(timeout=30, verify=False) as client:
                asked = asyncio.create_task(client.get(f"{emulator.http_url}x"))
                while not (await asyncio.to_thread(emulator.executions.list)):
                    await asyncio.sleep(0)
                (execution,) = await asyncio.to_thread(emulator.executions.list)
                await asyncio.to_thread(
                    emulator.executions.wait_for_event, execution.arn, "WaitStarted"
                )
                await asyncio.to_thread(emulator.advance, 31)
                return await asked

        assert asyncio.run(ask()).status_code == 503
        (execution,) = emulator.executions.list()
        emulator.advance(DAY)
        assert emulator.executions.wait(execution.arn).status == "SUCCEEDED"


def test_an_execution_times_out_and_is_kept_as_long_as_it_should_be() -> None:
    async def drive() -> None:
        emulator = Emulator(
            "durable.order", cwd=HANDLERS, durable=True, execution_timeout=3_600, retention_days=2
        )
        async with emulator as running:
            invoke = await running.invoke("x", invocation_type="Event")
            arn = invoke.durable_execution_arn
            assert arn is not None
            await running.executions.wait_for_status(arn, "RUNNING")
            await running.executions.wait_for_event(arn, "WaitStarted")
            await running.advance(3_601)
            assert (await running.executions.wait(arn)).status == "TIMED_OUT"
            await running.advance(2 * DAY - 60)
            assert [kept.arn for kept in await running.executions.list()] == [arn]
            await running.advance(61)
            assert await running.executions.list() == []
            with pytest.raises(ApiError, match="not found"):
                await running.executions.get(arn)

    asyncio.run(drive())


def test_an_async_test_completes_a_callback_and_stops_an_execution() -> None:
    async def drive() -> None:
        emulator = Emulator("durable.order", cwd=HANDLERS, durable=True, skip_time=True)
        async with emulator as running:
            for end in ("succeed", "stop"):
                arn = (await running.invoke("x", invocation_type="Event")).durable_execution_arn
                assert arn is not None
                callback = await running.executions.wait_for_callback(arn, "approval")
                if end == "stop":
                    await running.executions.stop(arn, "Enough")
                else:
                    await running.executions.heartbeat(callback)
                    await running.executions.succeed(callback, "yes")
                ended = await running.executions.wait(arn)
                assert ended.status == ("STOPPED" if end == "stop" else "SUCCEEDED")

    asyncio.run(drive())


def test_what_lambda_would_refuse_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for option, text in (("--execution-timeout", "99999999"), ("--retention-days", "91")):
        assert main(["durable.order", "--durable", option, text]) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert main(["durable.order", "--state", "file", "--skip-time"]) == 2
    expected = "--state, --skip-time: no function is durable; add --durable"
    assert capsys.readouterr().err == f"lambda-ric run: {expected}\n"
    with pytest.raises(ValueError, match="there is no function nobody"):
        Emulator("durable.order", cwd=HANDLERS, durable=["nobody"])
    with pytest.raises(ValueError, match="1 to 90 days"):
        Emulator("durable.order", cwd=HANDLERS, durable=True, retention_days=0)
