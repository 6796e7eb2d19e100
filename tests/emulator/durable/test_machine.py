"""The state machine of an execution."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.durable import output
from lambda_ric.emulator.durable.checkpoint import Target, checkpoint
from lambda_ric.emulator.durable.execution import Execution, Origin
from lambda_ric.emulator.durable.pages import first_page
from lambda_ric.emulator.durable.updates import read_updates

Members = dict[str, Any]


def new_execution(timeout: int = 1_000_000) -> Execution:
    return Execution.start(Origin("arn", "id", "n", "f", "$LATEST", "{}", 0.0, timeout, 14))


def send(execution: Execution, *updates: Members, now: float = 0.0) -> Members:
    """Checkpoint with the current token."""
    assert execution.invocation is not None
    assert execution.invocation.token is not None
    token = execution.invocation.token
    answer, _ = checkpoint(
        execution, token, None, read_updates(list(updates)), lambda name: Target("1"), now
    )
    return answer


def update(name: str, kind: str, action: str, **members: Any) -> Members:
    return {"Id": name, "Type": kind, "Action": action, **members}


def test_the_same_call_gets_the_same_answer_again() -> None:
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    assert execution.invocation is not None
    token = execution.invocation.token
    assert token is not None
    updates = read_updates([update("a", "STEP", "START")])
    first, _ = checkpoint(execution, token, "c", updates, lambda name: Target(), 0.0)
    again, _ = checkpoint(execution, token, "c", updates, lambda name: Target(), 0.0)
    assert json.dumps(again) == json.dumps(first)
    with pytest.raises(ApiError, match="Invalid checkpoint token"):
        checkpoint(execution, token, "other", [], lambda name: Target(), 0.0)


def test_five_failed_invocations_in_a_row_fail_the_execution() -> None:
    execution = new_execution()
    for attempt in range(1, 6):
        execution.retry_due = None
        execution.begin_invocation(str(attempt), 0.0)
        output.invocation_failed(execution, b'{"errorType": "E", "errorMessage": "m"}', 0.0)
        assert execution.open == (attempt < 5)
    assert execution.ending is not None
    assert execution.ending.error == {"ErrorType": "E", "ErrorMessage": "m"}


def test_an_execution_that_takes_too_long_times_out() -> None:
    execution = new_execution(timeout=10)
    execution.timers.fire(10.0)
    assert execution.status == "TIMED_OUT"
    assert execution.events[-1]["EventType"] == "ExecutionTimedOut"


def test_times_are_in_milliseconds_for_handlers_and_in_seconds_for_callers() -> None:
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    answer = send(execution, update("a", "WAIT", "START", WaitOptions={"WaitSeconds": 5}), now=1.5)
    told = answer["NewExecutionState"]["Operations"][0]
    assert (told["StartTimestamp"], told["WaitDetails"]["ScheduledEndTimestamp"]) == (1.5, 6.5)
    given = first_page(execution)["Operations"][1]
    assert (given["StartTimestamp"], given["WaitDetails"]["ScheduledEndTimestamp"]) == (1500, 6500)


def test_a_large_state_is_delivered_in_pages() -> None:
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    for number in range(4):
        payload = "x" * 2_000_000
        send(execution, update(f"s{number}", "STEP", "SUCCEED", Payload=payload))
    page = first_page(execution)
    assert len(page["Operations"]) == 3
    assert page["NextMarker"] == "0-3"


def test_ten_thousand_events_stay_cheap() -> None:
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    for start in range(0, 5_000, 250):
        names = [f"s{number}" for number in range(start, start + 250)]
        batch = [update(name, "STEP", action) for name in names for action in ("START", "SUCCEED")]
        send(execution, *batch)
    assert len(execution.events) == 10_001
