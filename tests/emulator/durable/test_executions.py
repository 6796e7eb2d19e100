"""Durable executions in a real emulator, with handlers that speak the protocol themselves."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest

from lambda_ric.caller.invoke_api import InvokeRefused
from lambda_ric.emulator import ApiError
from lambda_ric.testing import Emulator
from tests.support import web

HANDLERS = Path(__file__).parents[1] / "handlers"
NAMES = ("order", "waits", "chained", "crashes", "invalid")


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    functions = {name: f"durable.{name}" for name in (*NAMES, "plain")}
    with Emulator(functions=functions, cwd=HANDLERS, durable=NAMES, skip_time=True) as running:
        yield running


def start(emulator: Emulator, function: str, event: object = "x", name: str | None = None) -> str:
    result = emulator.invoke(
        event, function=function, invocation_type="Event", durable_execution_name=name
    )
    assert result.status == 202
    assert result.durable_execution_arn is not None
    return result.durable_execution_arn


def test_a_synchronous_invoke_waits_for_the_whole_execution(emulator: Emulator) -> None:
    result = emulator.invoke({"id": 1}, function="waits")
    assert result.payload == {"id": 1}
    assert result.durable_execution_arn is not None
    events = emulator.executions.get(result.durable_execution_arn).events
    assert events == [
        "ExecutionStarted",
        "WaitStarted",
        "InvocationCompleted",
        "WaitSucceeded",
        "InvocationCompleted",
        "ExecutionSucceeded",
    ]


def test_a_callback_ends_with_what_it_was_completed_with(emulator: Emulator) -> None:
    arn = start(emulator, "order")
    callback = emulator.executions.wait_for_callback(arn, "approval")
    emulator.executions.heartbeat(callback)
    emulator.executions.succeed(callback, "yes")
    assert emulator.executions.wait(arn).result == {"order": "x", "approval": '"yes"'}
    with pytest.raises(ApiError, match="completed"):
        emulator.executions.succeed(callback, "yes")


def test_a_failed_callback_fails_the_execution(emulator: Emulator) -> None:
    arn = start(emulator, "order")
    callback = emulator.executions.wait_for_callback(arn)
    emulator.executions.fail(callback, "Rejected", "no")
    ended = emulator.executions.wait(arn)
    assert (ended.status, ended.error) == (
        "FAILED",
        {"ErrorType": "Rejected", "ErrorMessage": "no"},
    )


def test_a_callback_times_out_when_the_clock_is_put_forward(emulator: Emulator) -> None:
    arn = start(emulator, "order")
    callback = emulator.executions.wait_for_callback(arn)
    emulator.advance(3_601)
    ended = emulator.executions.wait(arn)
    assert ended.error is not None
    assert ended.error["ErrorType"] == "Callback.Timeout"
    with pytest.raises(ApiError, match=r"timed out|completed"):
        emulator.executions.succeed(callback)


def test_an_invocation_that_crashes_is_invoked_again_without_its_finished_step(
    emulator: Emulator,
) -> None:
    result = emulator.invoke(function="crashes")
    assert result.payload == "done"
    assert result.durable_execution_arn is not None
    history = emulator.executions.get(result.durable_execution_arn).history
    kinds = [event["EventType"] for event in history]
    assert kinds.count("StepSucceeded") == 1
    crash = history[kinds.index("InvocationCompleted")]["InvocationCompletedDetails"]
    assert crash["Error"]["Payload"]["ErrorType"] == "Runtime.ExitError"


@pytest.mark.parametrize(
    ("target", "outcome"),
    [
        ("plain", {"Result": '{"echo": "hello"}'}),
        ("waits:$LATEST", {"Result": '"hello"'}),
    ],
)
def test_a_chained_invoke_returns_what_its_target_does(
    emulator: Emulator, target: str, outcome: dict[str, str]
) -> None:
    assert emulator.invoke(target, function="chained").payload == outcome


def test_a_chained_invoke_of_an_unknown_function_fails(emulator: Emulator) -> None:
    details = emulator.invoke("nobody", function="chained").payload
    assert details["Error"]["ErrorType"] == "ResourceNotFoundException"


def test_an_answer_that_is_none_fails_the_execution(emulator: Emulator) -> None:
    result = emulator.invoke(function="invalid")
    assert result.function_error == "Unhandled"
    assert result.error is not None
    assert result.error["errorType"] == "InvalidParameterValueException"


def test_a_name_stands_for_one_execution(emulator: Emulator) -> None:
    first = start(emulator, "waits", "a", name="only")
    assert start(emulator, "waits", "a", name="only") == first
    with pytest.raises(InvokeRefused, match="DurableExecutionAlreadyStarted"):
        start(emulator, "waits", "b", name="only")


def test_a_plain_function_stays_what_it_is(emulator: Emulator) -> None:
    result = emulator.invoke({"a": 1}, function="plain")
    assert result.payload == {"echo": {"a": 1}}
    assert result.durable_execution_arn is None


def test_executions_are_listed_and_shown_over_http(emulator: Emulator) -> None:
    arn = start(emulator, "waits", name="listed")
    emulator.executions.wait(arn)
    query = {"DurableExecutionName": "listed", "Statuses": "SUCCEEDED"}
    listed = web.get(
        f"{emulator.url}/2025-12-01/functions/waits/durable-executions", params=query
    ).json()["DurableExecutions"]
    assert [execution["DurableExecutionArn"] for execution in listed] == [arn]
    shown = web.get(_url(emulator, arn)).json()
    assert (shown["Status"], shown["Result"], shown["InputPayload"]) == ("SUCCEEDED", '"x"', '"x"')


def test_a_history_is_read_page_by_page(emulator: Emulator) -> None:
    arn = start(emulator, "waits")
    emulator.executions.wait(arn)
    numbers: list[int] = []
    marker: str | None = ""
    while marker is not None:
        query = {"MaxItems": "2", "Marker": marker}
        page = web.get(_url(emulator, arn, "/history"), params=query).json()
        numbers += [event["EventId"] for event in page["Events"]]
        marker = page.get("NextMarker")
    assert numbers == [1, 2, 3, 4, 5, 6]


def test_a_stopped_execution_stays_stopped(emulator: Emulator) -> None:
    arn = start(emulator, "order")
    emulator.executions.wait_for_callback(arn)
    error = {"ErrorType": "Mine", "ErrorMessage": "enough"}
    assert web.post(_url(emulator, arn, "/stop"), json=error).status_code == 200
    ended = emulator.executions.get(arn)
    assert (ended.status, ended.error, ended.events[-1]) == ("STOPPED", error, "ExecutionStopped")


def test_a_paused_execution_goes_on_when_it_is_resumed(emulator: Emulator) -> None:
    arn = start(emulator, "order")
    callback = emulator.executions.wait_for_callback(arn)
    assert web.post(_url(emulator, arn, "/pause"), json={"Reason": "why"}).status_code == 202
    emulator.executions.succeed(callback, 1)
    assert emulator.executions.get(arn).status == "PAUSED"
    assert web.post(_url(emulator, arn, "/pause"), json={}).status_code == 409
    assert web.post(_url(emulator, arn, "/resume")).status_code == 202
    assert emulator.executions.wait(arn).status == "SUCCEEDED"


def test_only_an_ended_execution_is_deleted(emulator: Emulator) -> None:
    arn = start(emulator, "order")
    callback = emulator.executions.wait_for_callback(arn)
    assert web.delete(_url(emulator, arn)).status_code == 409
    emulator.executions.succeed(callback)
    emulator.executions.wait(arn)
    assert web.delete(_url(emulator, arn)).status_code == 202
    assert web.get(_url(emulator, arn)).status_code == 404


def test_a_stale_token_is_refused_as_the_sdks_expect(emulator: Emulator) -> None:
    arn = start(emulator, "waits")
    body = {"CheckpointToken": "c3RhbGU="}
    answer = web.post(_url(emulator, arn, "/checkpoint"), json=body)
    assert answer.status_code == 400
    assert answer.headers["x-amzn-errortype"] == "InvalidParameterValueException"
    assert json.loads(answer.text)["message"].startswith("Invalid checkpoint token")


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{",
        b"null",
        b'{"CheckpointToken": 1}',
        b'{"CheckpointToken": "", "ClientToken": ""}',
        b'{"CheckpointToken": "", "ClientToken": 1}',
    ],
)
def test_a_malformed_checkpoint_is_refused(emulator: Emulator, body: bytes) -> None:
    arn = start(emulator, "waits")
    answer = web.post(_url(emulator, arn, "/checkpoint"), content=body)
    assert answer.status_code == 400


def test_the_name_of_a_deleted_execution_is_free(emulator: Emulator) -> None:
    arn = start(emulator, "waits", "a", name="again")
    emulator.executions.wait(arn)
    assert web.delete(_url(emulator, arn)).status_code == 202
    assert start(emulator, "waits", "b", name="again") != arn


def test_times_are_in_seconds_for_callers(emulator: Emulator) -> None:
    arn = start(emulator, "waits")
    emulator.executions.wait(arn)
    shown = web.get(_url(emulator, arn)).json()
    assert shown["StartTimestamp"] < 10 * time.time()  # milliseconds were a thousand times as many
    assert shown["EndTimestamp"] - shown["StartTimestamp"] > 86_400  # a day was skipped


def test_the_old_way_to_send_an_event_starts_an_execution_too(emulator: Emulator) -> None:
    path = "/2014-11-13/functions/waits/invoke-async"
    answer = web.post(emulator.url + path, content=b"1")
    assert answer.status_code == 202
    arn = answer.headers["x-amz-durable-execution-arn"]
    assert emulator.executions.wait(arn).result == 1


def test_nobody_waits_for_what_an_ended_execution_cannot_do(emulator: Emulator) -> None:
    executions = emulator.executions
    arn = start(emulator, "waits")
    executions.wait(arn)
    with pytest.raises(LookupError, match="has ended as SUCCEEDED, and has not waited for a call"):
        executions.wait_for_callback(arn)
    with pytest.raises(LookupError, match="has not had the event StepStarted"):
        executions.wait_for_event(arn, "StepStarted")
    with pytest.raises(LookupError, match="has not been PAUSED or FAILED"):
        executions.wait_for_status(arn, "PAUSED", "FAILED")


def test_waiting_ends_with_the_execution(emulator: Emulator) -> None:
    arn = start(emulator, "order")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(emulator.executions.wait_for_callback, arn, "payment")
        emulator.executions.wait_for_callback(arn, "approval")
        emulator.executions.stop(arn, "Enough", "too late")
        with pytest.raises(LookupError, match=r"STOPPED, and .* callback payment: Enough: too l"):
            waiting.result(30)
    with pytest.raises(LookupError, match="has ended as STOPPED"):
        emulator.executions.wait_for_callback(arn, "approval")


def test_an_unknown_callback_is_not_found(emulator: Emulator) -> None:
    path = "/2025-12-01/durable-execution-callbacks/eCB5/succeed"
    assert web.post(emulator.url + path, content=b"1").status_code == 404


def _url(emulator: Emulator, arn: str, end: str = "") -> str:
    return f"{emulator.url}/2025-12-01/durable-executions/{quote(arn, safe='')}{end}"
