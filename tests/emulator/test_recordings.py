"""What recordings of the real service show of invokes, byte for byte where they are that exact.

Attempts at events, with one request id, are in scheduling/test_async_queue.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from lambda_ric.testing import Emulator
from lambda_ric.testing.served_functions import ServedFunction
from tests.conftest import Require
from tests.support import web
from tests.support.paths import EMULATED_HANDLERS
from tests.support.service import function, running_service, scenario

pytestmark = pytest.mark.slow

ARN = "arn:aws:lambda:us-east-1:012345678912:function:"
HERE = "served here: echo, exits, no_wrapper, raises, segfault, single"


def loading(how: str, timeout: float = 300) -> ServedFunction:
    return ServedFunction(handler="recorded.handler", env={"LOAD": how}, timeout=timeout)


FUNCTIONS: dict[str, str | ServedFunction] = {
    "echo": {"handler": "recorded.handler", "timeout": 1, "env": {"LANG": "C"}},
    "exits": loading("exit"),
    "raises": loading("raise"),
    "segfault": loading("segfault", timeout=2),
    "no_wrapper": {"handler": "recorded.handler", "env": {"AWS_LAMBDA_EXEC_WRAPPER": "/nowhere"}},
    "single": {"handler": "recorded.handler", "concurrency": 1, "throttle": True},
}


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(functions=FUNCTIONS, cwd=EMULATED_HANDLERS, env={"LC_ALL": ""}) as running:
        yield running


def invoke(
    emulator: Emulator, event: Any, name: str = "echo", query: str = "", **headers: str
) -> httpx.Response:
    path = f"/2015-03-31/functions/{quote(name, safe='')}/invocations{query}"
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    fields = {key.replace("_", "-"): value for key, value in headers.items()}
    return web.post(emulator.url + path, content=body, headers=fields, timeout=60)


EXITED = (
    b'{"errorType":"Runtime.ExitError","errorMessage":"RequestId: %b Error: Runtime exited %b"}'
)
TIMED_OUT = (
    b'{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: %b Error: Task timed out after '
    b'%b seconds"}'
)
TOO_LARGE = (
    b'{"errorMessage":"Response payload size exceeded maximum allowed payload size '
    b'(6291556 bytes).","errorType":"Function.ResponseSizeTooLarge"}'
)


@pytest.mark.parametrize(
    ("name", "event", "body", "detail"),
    [
        ("echo", {"do": "wait", "value": 30}, TIMED_OUT, b"1.00"),
        ("echo", {"do": "exit"}, EXITED, b"without providing a reason"),
        ("echo", {"do": "large", "value": 7 * 1_048_576}, TOO_LARGE, b""),
        ("exits", {}, EXITED, b"without providing a reason"),
        ("no_wrapper", {}, EXITED, b"with error: exit status 127"),
        ("segfault", {}, TIMED_OUT, b"2.00"),
    ],
)
def test_the_end_of_an_invoke_by_the_platform(
    emulator: Emulator, name: str, event: Any, body: bytes, detail: bytes
) -> None:
    response = invoke(emulator, event, name)
    assert response.status_code == 200
    assert response.headers["x-amz-function-error"] == "Unhandled"
    assert response.headers["x-amz-executed-version"] == "$LATEST"
    request_id = response.headers["x-amzn-requestid"].encode()
    assert response.content == (body % (request_id, detail) if detail else body)
    if name == "echo":
        assert invoke(emulator, {"do": "number"}).content == b"0"


def test_a_module_that_raises_is_reported_with_the_frames_of_its_import(
    emulator: Emulator,
) -> None:
    error = invoke(emulator, {}, "raises").json()
    assert list(error) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert (error["errorMessage"], error["errorType"]) == ("Runtime startup fails", "Exception")
    assert error["requestId"] == ""
    assert "importlib" in error["stackTrace"][0]
    assert error["stackTrace"][-1].endswith('    raise Exception("Runtime startup fails")\n')


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [("RequestResponse", 200, b"null"), ("Event", 202, b""), ("DryRun", 204, b"")],
)
def test_a_function_that_returns_nothing(
    emulator: Emulator, kind: str, status: int, body: bytes
) -> None:
    response = invoke(emulator, {"do": "nothing"}, X_Amz_Invocation_Type=kind)
    assert (response.status_code, response.content) == (status, body)
    assert ("x-amz-executed-version" in response.headers) == (kind == "RequestResponse")
    assert "x-amz-function-error" not in response.headers


PREFIX = "Could not parse request body into json: Could not parse payload into json: "
SOURCE = "\n at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: "
NO_VALUE = (
    "Unexpected character ((CTRL-CHAR, code 153)): expected a valid value (JSON String, Number, "
    "Array, Object or token 'null', 'true' or 'false')"
)


@pytest.mark.parametrize(
    ("payload", "reason", "place"),
    [
        # the first two are recorded; in the last three Python's parser says what is wrong
        (b"n\x87r\x9e\xe9\xb5\xd7I\xee\x9bmt", "Invalid UTF-8 start byte 0x87", (1, 3)),
        (b"\x99\xeb,j\x07\xa1zYh", NO_VALUE, (1, 1)),
        (b'{"a":\n "\xe2\x28"}', "Invalid UTF-8 middle byte 0x28", (2, 4)),
        (b'{"a":\n 1', "", (2, 3)),
        (b"{", "Expecting property name enclosed in double quotes", (1, 2)),
        (b"NaN", "NaN is not JSON", (1, 1)),
    ],
)
def test_a_payload_that_is_not_json(
    emulator: Emulator, payload: bytes, reason: str, place: tuple[int, int]
) -> None:
    response = invoke(emulator, payload)
    assert response.status_code == 400
    assert response.headers["x-amzn-errortype"] == "InvalidRequestContentException"
    body = response.json()
    assert list(body) == ["Type", "message"]
    assert body["message"].startswith(PREFIX + reason)
    line, column = place
    assert body["message"].endswith(f"{SOURCE}{line}, column: {column}]")


@pytest.mark.parametrize(
    ("name", "shown"), [("x", "x:$LATEST"), ("x:7", "x:7"), (f"{ARN}x:live", "x:live")]
)
def test_a_function_that_there_is_not(emulator: Emulator, name: str, shown: str) -> None:
    response = invoke(emulator, {}, name)
    assert response.status_code == 404
    message = f"Function not found: {ARN}{shown} ({HERE})"
    assert response.json() == {"Type": "User", "Message": message}


def test_a_function_at_its_limit(emulator: Emulator) -> None:
    invoke(emulator, {"do": "nothing"}, "single")
    invoke(emulator, {"do": "wait", "value": 1}, "single", X_Amz_Invocation_Type="Event")
    refused = invoke(emulator, {"do": "nothing"}, "single")
    assert refused.status_code == 429
    assert refused.json() == {
        "Reason": "ReservedFunctionConcurrentInvocationLimitExceeded",
        "Type": "User",
        "message": "Rate Exceeded.",
    }
    assert list(refused.json()) == ["Reason", "Type", "message"]


def test_files_in_tmp_survive_a_timeout_but_globals_do_not(emulator: Emulator) -> None:
    invoke(emulator, {"do": "set", "value": 42})
    assert invoke(emulator, {"do": "number"}).json() == 42
    assert invoke(emulator, {"do": "wait", "value": 30}).json()["errorType"] == "Sandbox.Timedout"
    assert invoke(emulator, {"do": "number"}).json() == 0
    assert invoke(emulator, {"do": "file"}).json() == "42"
    invoke(emulator, {"do": "forget"})


def test_the_limits_of_the_process(emulator: Emulator, require: Require) -> None:
    require(sys.platform == "linux", "the limits of another process can be set on Linux")
    names = ["RLIMIT_NOFILE", "RLIMIT_MEMLOCK", "RLIMIT_STACK"]
    found = invoke(emulator, {"do": "limits", "value": names}).json()
    assert found["RLIMIT_NOFILE"] == [1_024, 1_024]
    assert found["RLIMIT_MEMLOCK"] == [65_536, 65_536]
    assert found["RLIMIT_STACK"][0] == 8_388_608


def test_the_variables_while_a_function_loads(emulator: Emulator) -> None:
    seen = invoke(emulator, {"do": "variables"}).json()
    address = seen["AWS_LAMBDA_RUNTIME_API"]
    assert address.startswith("127.0.0.1:")
    expected = {
        "PWD": str(EMULATED_HANDLERS),
        "SHLVL": "0",
        "TZ": ":UTC",
        "LC_CTYPE": "C.UTF-8",  # CPython itself sets it where no other locale is to be had
        "LAMBDA_TASK_ROOT": str(EMULATED_HANDLERS),
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "_AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1",
        "_AWS_XRAY_DAEMON_PORT": "2000",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "_HANDLER": "recorded.handler",
    }
    assert expected.items() <= seen.items()
    assert seen["_X_AMZN_TRACE_ID"].startswith("Root=1-")
    assert seen.keys().isdisjoint({"AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_LOG_LEVEL"})
    assert invoke(emulator, {"do": "directory"}).json() == seen["PWD"]


@pytest.mark.parametrize(
    ("name", "query", "qualifier"),
    [
        ("echo", "", ""),
        ("echo:live", "", ":live"),
        ("echo", "?Qualifier=7", ":7"),
        ("echo:$LATEST", "?Qualifier=$LATEST", ":$LATEST"),
        (f"{ARN}echo", "", ""),
        (f"{ARN}echo:7", "", ":7"),
        (f"{ARN}echo", "?Qualifier=live", ":live"),
        ("012345678912:function:echo:7", "", ":7"),
    ],
)
def test_a_qualifier_reaches_the_context(
    emulator: Emulator, name: str, query: str, qualifier: str
) -> None:
    assert invoke(emulator, {"do": "arn"}, name, query).json() == f"{ARN}echo{qualifier}"


@scenario
async def test_an_event_that_waits_for_its_next_attempt_runs_the_new_code(tmp_path: Path) -> None:
    module = tmp_path / "changing.py"
    module.write_text("def handler(event, context):\n    raise ValueError('old')\n")
    async with running_service(function("changing.handler", directory=str(tmp_path))) as served:
        response = await served.invoke({}, X_Amz_Invocation_Type="Event")
        request_id = response.headers["x-amzn-requestid"]
        await served.log.wait_for("REPORT")
        module.write_text("def handler(event, context):\n    print('new', flush=True)\n")
        served.service.restart()
        await served.log.wait_for("ready")
        served.service.clock.advance(60)
        log = await served.log.wait_for("REPORT", times=2)
        assert log.count(f"START RequestId: {request_id}") == 2
        assert "\nnew\n" in log
