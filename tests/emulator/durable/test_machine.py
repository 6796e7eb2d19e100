"""The state machine of an execution, driven at random beside a simple model of what must hold."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.durable import control, output
from lambda_ric.emulator.durable.checkpoint import Target, checkpoint
from lambda_ric.emulator.durable.execution import Execution, Origin
from lambda_ric.emulator.durable.operation import CALLBACK, STARTED
from lambda_ric.emulator.durable.pages import first_page
from lambda_ric.emulator.durable.updates import read_updates

Members = dict[str, Any]
IDS = st.sampled_from("abcdef")
DONE = ("SUCCEEDED", "FAILED", "TIMED_OUT", "CANCELLED")


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


class Machine(RuleBasedStateMachine):
    """Random updates, timers and crashes. The model: what was finished, and what is waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.execution = new_execution()
        self.now = 0.0
        self.finished: dict[str, str] = {}  # by id, with the status that it must keep
        self.requests = 0

    @precondition(lambda self: self.execution.may_invoke)
    @rule()
    def begin(self) -> None:
        self.requests += 1
        self.execution.begin_invocation(str(self.requests), self.now)
        state = json.loads(json.dumps(first_page(self.execution)))
        delivered = {operation["Id"]: operation["Status"] for operation in state["Operations"]}
        assert self.finished.items() <= delivered.items()

    @precondition(lambda self: self.execution.invocation is not None)
    @rule(name=IDS, kind=st.sampled_from(("STEP", "WAIT", "CALLBACK")), data=st.data())
    def report(self, name: str, kind: str, data: st.DataObject) -> None:
        action = data.draw(st.sampled_from(("START", "SUCCEED", "FAIL", "RETRY", "CANCEL")))
        sent = update(name, kind, action, WaitOptions={"WaitSeconds": 5})
        sent["CallbackOptions"] = {"TimeoutSeconds": 7, "HeartbeatTimeoutSeconds": 3}
        if action == "RETRY":
            sent["StepOptions"] = {"NextAttemptDelaySeconds": 2}
        before = json.dumps([event["EventType"] for event in self.execution.events])
        try:
            answer = send(self.execution, sent, now=self.now)
        except ApiError:
            after = json.dumps([event["EventType"] for event in self.execution.events])
            assert after == before  # all or nothing
        else:
            assert name in {member["Id"] for member in answer["NewExecutionState"]["Operations"]}

    @precondition(lambda self: self.execution.invocation is not None)
    @rule()
    def crash(self) -> None:
        body = b'{"errorType": "Runtime.ExitError", "errorMessage": "exit"}'
        self.execution.failures = 0
        output.invocation_failed(self.execution, body, self.now)
        assert self.execution.open

    @precondition(lambda self: self.execution.invocation is not None)
    @rule()
    def suspend(self) -> None:
        self.execution.idle_answers = 0
        output.invocation_answered(self.execution, b'{"Status": "PENDING"}', self.now)
        assert self.execution.open

    @rule(seconds=st.floats(0.1, 10.0))
    def let_time_pass(self, seconds: float) -> None:
        self.now += seconds
        self.execution.timers.fire(self.now)

    @rule(name=IDS, succeed=st.booleans())
    def complete(self, name: str, succeed: bool) -> None:
        operation = self.execution.operations.get(name)
        if operation is not None and operation.type == CALLBACK and operation.status == STARTED:
            control.open_callback(self.execution, name)
            self.execution.close(operation, "SUCCEEDED" if succeed else "FAILED", self.now)

    @invariant()
    def what_is_finished_stays_so(self) -> None:
        operations = self.execution.operations
        for name, status in self.finished.items():
            assert operations[name].status == status
        for name, operation in operations.items():
            if operation.status in DONE:
                self.finished[name] = operation.status

    @invariant()
    def each_operation_ends_once(self) -> None:
        ends = [
            event["Id"]
            for event in self.execution.events
            if event["EventType"].startswith(("Wait", "Callback"))
            and not event["EventType"].endswith("Started")
        ]
        assert len(ends) == len(set(ends))
        numbers = [event["EventId"] for event in self.execution.events]
        assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def nobody_waits_for_ever(self) -> None:
        execution = self.execution
        if execution.invocation is None and not execution.may_invoke:
            assert execution.timers.next_due() is not None

    @invariant()
    def nothing_is_overdue(self) -> None:
        due = self.execution.timers.next_due()
        assert due is None or due >= self.now or self.execution.invocation is not None


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


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


@pytest.mark.parametrize(
    ("updates", "message"),
    [
        ([("a", "STEP", "START"), ("a", "STEP", "START")], "with the same ID"),
        ([("x", "EXECUTION", "FAIL"), ("a", "STEP", "START")], "must be the last update"),
        ([("x", "EXECUTION", "FAIL"), ("y", "EXECUTION", "FAIL")], "multiple EXECUTION"),
        ([("a", "WAIT", "SUCCEED")], "Invalid action for the given operation type"),
        ([("a", "WAIT", "CANCEL")], "Cannot cancel a WAIT"),
        ([("a", "CHAINED_INVOKE", "START")], "requires ChainedInvokeOptions"),
        ([("a", "STEP", "RETRY")], "Invalid StepOptions"),
        ([("done", "STEP", "START")], "Invalid current STEP state to start"),
        ([("done", "STEP", "FAIL")], "Invalid current STEP state to close"),
        ([("done", "CONTEXT", "START")], "Inconsistent operation type"),
    ],
)
def test_a_checkpoint_is_refused_as_the_service_does(
    updates: list[tuple[str, str, str]], message: str
) -> None:
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    send(execution, update("done", "STEP", "SUCCEED"))
    with pytest.raises(ApiError, match=message):
        send(execution, *[update(*members) for members in updates])


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
