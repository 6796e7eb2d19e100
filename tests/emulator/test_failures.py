"""What callers get, and what goes on, when a function does not come to an answer."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import Require
from tests.support.service import function, gone, running_service, scenario

pytestmark = pytest.mark.slow


def assert_platform_error(response: httpx.Response, error_type: str, message: str) -> None:
    assert response.status_code == 200
    assert response.headers["x-amz-function-error"] == "Unhandled"
    request_id = response.headers["x-amzn-requestid"]
    assert response.json() == {
        "errorType": error_type,
        "errorMessage": f"RequestId: {request_id} Error: {message}",
    }


@scenario
async def test_an_invocation_that_takes_too_long_is_ended() -> None:
    async with running_service(function(timeout=1)) as served:
        response = await served.invoke({"sleep": 60})
        assert_platform_error(response, "Sandbox.Timedout", "Task timed out after 1.00 seconds")
        request_id = response.headers["x-amzn-requestid"]
        assert re.search(
            rf"\n\S+Z {request_id} Task timed out after 1.00 seconds\n"
            rf"END RequestId: {request_id}\n"
            rf"REPORT RequestId: {request_id}\tDuration: 1\d\d\d\.\d\d ms\t.*Status: timeout\t",
            served.text,
        )
        assert (await served.invoke({"keep": 1})).json()["event"] == {"keep": 1}


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"exit": 3}, "Runtime exited with error: exit status 3"),
        ({"exit": 0}, "Runtime exited without providing a reason"),
        ({"kill": signal.SIGKILL}, "Runtime exited with error: signal: killed"),
        ({"kill": signal.SIGSEGV}, "Runtime exited with error: signal: segmentation fault"),
    ],
)
@scenario
async def test_a_process_that_ends_is_told_and_replaced(event: dict[str, Any], reason: str) -> None:
    async with running_service() as served:
        response = await served.invoke(event)
        assert_platform_error(response, "Runtime.ExitError", reason)
        assert f" Error: {reason}\nEND RequestId" in served.text
        assert "Status: error\tError Type: Runtime.ExitError\t\n" in served.text
        assert (await served.invoke({"keep": 1})).json()["event"] == {"keep": 1}


@scenario
async def test_a_function_that_takes_too_much_memory_is_ended(require: Require) -> None:
    require(sys.platform == "linux", "memory is known on Linux")
    async with running_service(function(memory=128)) as served:
        response = await served.invoke({"allocate": 200})
        assert_platform_error(
            response, "Runtime.ExitError", "Runtime exited with error: signal: killed"
        )
        assert "Error Type: Runtime.OutOfMemory" in served.text
        used = re.search(r"Max Memory Used: (\d+) MB", served.text)
        assert used is not None
        assert int(used[1]) > 128


@scenario
async def test_memory_is_not_limited_on_request() -> None:
    async with running_service(function(memory=128, limit_memory=False, timeout=3)) as served:
        response = await served.invoke({"allocate": 200})
        assert response.json()["errorType"] == "Sandbox.Timedout"


@scenario
async def test_what_a_function_starts_ends_with_it(require: Require) -> None:
    require(hasattr(os, "killpg"), "process groups are Unix's")
    async with running_service(function(timeout=3)) as served:
        await served.invoke({"spawn": None, "sleep": 60})
        pid = int(re.search(r"spawned (\d+)", served.text)[1])  # type: ignore[index]
        await gone(pid)


@pytest.mark.parametrize("end", [{"sleep": 60}, {"exit": 1}, {"kill": signal.SIGKILL}])
@scenario
async def test_detached_processes_end_with_their_environment(
    require: Require, end: dict[str, int]
) -> None:
    require(sys.platform == "linux", "they are found through /proc")
    async with running_service(function(timeout=3)) as served:
        await served.invoke({"detach": None, **end})
        pids = re.findall(r"(?:detached|daemon) (\d+)", served.text)
        assert len(pids) == 3
        for pid in pids if "sleep" in end else (pids[0], pids[2]):
            await gone(int(pid))
        for pid in pids:  # an orphan without variables cannot be found: see lineage
            with suppress(OSError):
                os.kill(int(pid), signal.SIGKILL)


@scenario
async def test_a_missing_handler_is_reported_to_the_caller_and_logged_at_once() -> None:
    async with running_service(function("app.nothing")) as served:
        await served.log.wait_for("INIT_REPORT")
        response = await served.invoke({})
        assert response.headers["x-amz-function-error"] == "Unhandled"
        assert response.json()["errorType"] == "Runtime.HandlerNotFound"
        assert re.search(
            r"INIT_REPORT Init Duration: [\d.]+ ms\tPhase: init\tStatus: error\t"
            r"Error Type: Runtime.HandlerNotFound\n",
            served.text,
        )
        again = await served.invoke({})
        assert again.json()["errorType"] == "Runtime.HandlerNotFound"


@scenario
async def test_a_handler_that_is_repaired_works_without_a_restart(tmp_path: Path) -> None:
    module = tmp_path / "broken.py"
    module.write_text("raise ValueError('not yet')\n", encoding="utf-8")
    async with running_service(function("broken.handler", directory=str(tmp_path))) as served:
        assert (await served.invoke({})).json()["errorMessage"] == "not yet"
        module.write_text("def handler(event, context):\n    return 'now'\n", encoding="utf-8")
        assert (await served.invoke({})).json() == "now"


@scenario
async def test_a_process_that_ends_before_it_has_loaded_is_told_to_the_caller() -> None:
    async with running_service(function(command=(sys.executable, "-c", "exit(7)"))) as served:
        for _ in range(2):
            response = await served.invoke({})
            assert_platform_error(
                response, "Runtime.ExitError", "Runtime exited with error: exit status 7"
            )


@scenario
async def test_a_command_that_is_not_there_is_told_to_the_caller() -> None:
    async with running_service(function(command=("/no/such/command",))) as served:
        for _ in range(2):
            response = await served.invoke({})
            assert_platform_error(
                response,
                "Runtime.InvalidEntrypoint",
                "cannot start '/no/such/command': No such file or directory",
            )


@scenario
async def test_loading_within_an_invocation_counts_against_its_timeout(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    one = function("slow.handler", directory=str(tmp_path), timeout=1, init_limit=0.5)
    async with running_service(one) as served:
        await served.log.wait_for("Phase: init\tStatus: timeout")
        response = await served.invoke({})
        assert_platform_error(response, "Sandbox.Timedout", "Task timed out after 1.00 seconds")


@scenario
async def test_a_slow_start_gets_a_second_try_within_the_invocation(tmp_path: Path) -> None:
    source = "import time\ntime.sleep(1.5)\ndef handler(event, context):\n    return 'late'\n"
    (tmp_path / "slow.py").write_text(source, encoding="utf-8")
    one = function("slow.handler", directory=str(tmp_path), timeout=30, init_limit=0.5)
    async with running_service(one) as served:
        assert (await served.invoke({})).json() == "late"
        assert "Phase: init\tStatus: timeout" in served.text
        assert "Init Duration" not in served.text.partition("START")[2]


SEGFAULT = """
import ctypes, pathlib
left = pathlib.Path("left")
if left.exists():
    count = int(left.read_text())
    left.write_text(str(count - 1))
    if count > 0:
        ctypes.string_at(0)
def handler(event, context):
    return "loaded"
"""


@scenario
async def test_a_runtime_that_crashes_while_it_loads_is_started_again(tmp_path: Path) -> None:
    (tmp_path / "crashing.py").write_text(SEGFAULT, encoding="utf-8")
    (tmp_path / "left").write_text("2", encoding="utf-8")
    one = function("crashing.handler", directory=str(tmp_path), concurrency=1)
    async with running_service(one) as served:
        assert (await served.invoke({})).json() == "loaded"
        assert "Runtime exited with error: signal: segmentation fault\n" in served.text
        assert (tmp_path / "left").read_text(encoding="utf-8") == "-1"


@scenario
async def test_a_runtime_that_waits_for_its_next_start_ends_with_the_emulator(
    tmp_path: Path,
) -> None:
    (tmp_path / "crashing.py").write_text(SEGFAULT, encoding="utf-8")
    (tmp_path / "left").write_text("99", encoding="utf-8")
    async with running_service(function("crashing.handler", directory=str(tmp_path))) as served:
        waiting = asyncio.ensure_future(served.service.invoke(b"{}"))
        await served.log.wait_for("START")
        await served.service.stop()
        assert (await waiting).error_type == "Sandbox.Failure"
        assert "emulator failed" not in served.text


@scenario
async def test_a_response_that_is_too_large_is_an_error_of_the_function() -> None:
    async with running_service(function("app.big")) as served:
        response = await served.invoke({"size": 6_291_556})
        assert response.headers["x-amz-function-error"] == "Unhandled"
        assert response.json()["errorType"] == "Function.ResponseSizeTooLarge"
        assert next(iter(response.json())) == "errorMessage"
        assert "(6291556 bytes)" in response.json()["errorMessage"]
        response = await served.invoke({"size": 6_291_554})
        assert len(response.content) == 6_291_556


@scenario
async def test_callers_that_wait_are_told_when_the_emulator_stops() -> None:
    async with running_service(function(concurrency=1)) as served:
        first = asyncio.ensure_future(served.invoke({"write": "here\n", "sleep": 60}))
        await served.log.wait_for("here")
        second = asyncio.ensure_future(served.invoke({}))
        await asyncio.sleep(0)
        await served.service.stop()
        for request in (first, second):
            response = (await asyncio.gather(request, return_exceptions=True))[0]
            if isinstance(response, httpx.Response):
                assert response.json()["errorType"] == "Sandbox.Failure"


@scenario
async def test_a_caller_who_leaves_while_waiting_is_not_served() -> None:
    async with running_service(function(concurrency=1)) as served:
        first = asyncio.ensure_future(served.invoke({"write": "here\n", "sleep": 1}))
        await served.log.wait_for("here")
        with pytest.raises(httpx.ReadTimeout):
            await served.client.post(
                "/2015-03-31/functions/function/invocations",
                json={"write": "never\n"},
                timeout=0.2,
            )
        assert (await first).status_code == 200
        assert (await served.invoke({"keep": 1})).json()["event"] == {"keep": 1}
        assert "never" not in served.text


@scenario
async def test_a_caller_who_leaves_in_the_middle_costs_nothing() -> None:
    async with running_service(function(concurrency=1)) as served:
        await served.invoke({})
        with pytest.raises(httpx.ReadTimeout):
            await served.client.post(
                "/2015-03-31/functions/function/invocations", json={"sleep": 1}, timeout=0.5
            )
        assert (await served.invoke({"keep": 1})).json()["event"] == {"keep": 1}
        assert served.text.count("REPORT") == 3
