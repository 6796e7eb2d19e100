"""External extensions: real processes beside the runtime."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lambda_ric.emulator import FunctionConfig
from tests.conftest import Require
from tests.support.extensions import extended
from tests.support.service import RunningService, function, gone, running_service, scenario

pytestmark = pytest.mark.slow


def heard(served: RunningService, name: str) -> list[Any]:
    """Return the events that an extension has printed."""
    return [json.loads(text) for text in re.findall(rf"^{name} got (.*)$", served.text, re.M)]


@scenario
async def test_an_extension_hears_of_each_invoke_and_of_the_end() -> None:
    async with running_service(extended("ears")) as served:
        first = (await served.invoke({}, X_Amzn_Trace_Id="Root=1-a")).json()
        await served.invoke({})
        await served.service.stop()
    invoke, _, shutdown = heard(served, "ears")
    assert invoke.pop("deadlineMs") > 1_000 * time.time()
    assert invoke == {
        "eventType": "INVOKE",
        "requestId": first["request_id"],
        "invokedFunctionArn": "arn:aws:lambda:us-east-1:012345678912:function:test_function",
        "tracing": {"type": "X-Amzn-Trace-Id", "value": "Root=1-a"},
    }
    assert (shutdown["eventType"], shutdown["shutdownReason"]) == ("SHUTDOWN", "spindown")
    assert shutdown["deadlineMs"] <= 1_000 * (time.time() + 2)
    assert "ears ends" in served.text
    assert '"accountId": "012345678912"' in served.text
    assert "EXTENSION\tName: ears\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n" in served.text


@scenario
async def test_an_environment_is_ready_when_its_extensions_are() -> None:
    async with running_service(extended("ears late")) as served:
        await served.invoke({})
        assert served.text.index("ears ready") < served.text.index("START RequestId")


@scenario
async def test_a_caller_does_not_wait_for_extensions_but_the_next_invoke_does() -> None:
    async with running_service(extended("ears slow")) as served:
        await served.invoke({})
        assert "ears finished" not in served.text
        await served.invoke({})
        assert served.text.index("ears finished") < served.text.rindex("START RequestId")


@pytest.mark.parametrize(
    ("event", "error_type", "reason"),
    [
        ({"sleep": 60}, "Sandbox.Timedout", "timeout"),
        ({"exit": 3}, "Runtime.ExitError", "failure"),
    ],
)
@scenario
async def test_extensions_hear_why_an_environment_ends(
    event: Any, error_type: str, reason: str
) -> None:
    async with running_service(extended("ears", timeout=1)) as served:
        assert (await served.invoke(event)).json()["errorType"] == error_type
        await served.log.wait_for("ears ends")
        assert heard(served, "ears")[-1]["shutdownReason"] == reason
        assert (await served.invoke({})).json()["event"] == {}


@scenario
async def test_an_extension_that_never_returns_counts_for_the_timeout() -> None:
    async with running_service(extended("ears hangs", timeout=1)) as served:
        assert (await served.invoke({})).json()["event"] == {}
        assert (await served.invoke({})).json()["event"] == {}
        assert served.text.count("ears registered 200") == 2


@pytest.mark.parametrize(
    ("words", "error_type"),
    [("dies", "Extension.Crash"), ("init-error", "Mine.Broken")],
)
@scenario
async def test_an_extension_that_fails_to_start_fails_the_init(words: str, error_type: str) -> None:
    async with running_service(extended(f"ears {words}", "other")) as served:
        answer = await served.invoke({})
        assert answer.json()["errorType"] == error_type
        assert f"EXTENSION\tName: ears\tState: ExitError\tEvents: []\tError Type: {error_type}" in (
            served.text
        )


@scenario
async def test_an_extension_that_cannot_be_started_fails_the_init() -> None:
    broken = function(extensions=["/nowhere/extension"])
    async with running_service(broken) as served:
        answer = (await served.invoke({})).json()
        assert answer["errorType"] == "Extension.LaunchError"
        assert "/nowhere/extension" in answer["errorMessage"]


@scenario
async def test_an_extension_has_its_own_variables() -> None:
    mine = extended("ears variables", environment={"MINE": "1", "AWS_EXECUTION_ENV": "x"})
    async with running_service(mine) as served:
        await served.invoke({})
        [text] = re.findall(r"^ears has (.*)$", served.text, re.M)
    variables = json.loads(text)
    assert variables["MINE"] == "1"
    assert variables["AWS_SAM_LOCAL"] == "true", "AWS's samples listen at 0.0.0.0 then"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "test_function"
    for name in ("_HANDLER", "AWS_EXECUTION_ENV", "AWS_LAMBDA_LOG_GROUP_NAME", "LAMBDA_TASK_ROOT"):
        assert name not in variables


@scenario
async def test_what_an_extension_starts_ends_with_it_and_nothing_else(require: Require) -> None:
    require(sys.platform == "linux", "detached processes are found through /proc")
    others = dict.fromkeys(("AWS_LAMBDA_LOG_STREAM_NAME", "LAMBDA_RIC_PROCESS"), "")
    bystander = await asyncio.create_subprocess_exec("sleep", "60", env={**os.environ, **others})
    async with running_service(extended("ears detaches")) as served:
        await served.invoke({})
    await gone(int(re.search(r"ears detached (\d+)", served.text)[1]))  # type: ignore[index]
    bystander.terminate()
    assert await bystander.wait() == -signal.SIGTERM


@scenario
async def test_an_extension_that_does_not_end_is_ended() -> None:
    async with running_service(extended("ears stays", "other deaf")) as served:
        await served.invoke({})
        begun = time.monotonic()
        await served.service.stop()
        assert time.monotonic() - begun < 4
    assert "ears ends" not in served.text


@scenario
async def test_ten_extensions_with_faults_leave_every_invoke_answered(tmp_path: Path) -> None:
    """One is slow, one hangs at the first event, one crashes at its third: after the fourth."""
    hang = tmp_path / "hang"
    hang.touch()
    calm = [f"calm{number}" for number in range(7)]
    faulty = ("snail slow", "bomb crashes", "stone hangs")
    variables = {"HANGS_IF_THERE_IS": str(hang)}
    async with running_service(
        extended(*calm, *faulty, timeout=2, environment=variables)
    ) as served:
        answers = [await served.invoke({}) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 5
        crashed = answers.pop(3).json()
        assert crashed.get("event") == {} or crashed["errorType"] == "Extension.Crash"
        assert all(answer.json().get("event") == {} for answer in answers)
        await asyncio.wait_for(served.service.stop(), 10)
    reasons = [event.get("shutdownReason") for event in heard(served, "calm0")]
    assert list(filter(None, reasons)) == ["timeout", "failure", "spindown"]


def test_extensions_need_commands_and_names_that_differ() -> None:
    with pytest.raises(ValueError, match="names that differ"):
        FunctionConfig(extensions=("/a/same", "/b/same"))
    for nothing in ("", "agent=", "agent= "):
        with pytest.raises(ValueError, match="need a command"):
            FunctionConfig(extensions=(nothing,))
    with pytest.raises(ValueError, match="cannot be read: No closing quotation"):
        FunctionConfig(extensions=("agent=it's",))
    with pytest.raises(ValueError, match="11 extensions"):
        FunctionConfig(extensions=[f"/a/{number}" for number in range(11)])
