"""What a checkpoint may not contain, and the exact texts with which it is refused."""

from __future__ import annotations

from typing import Any

import pytest

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.durable.updates import read_updates
from tests.emulator.durable.test_machine import new_execution, send, update

Members = dict[str, Any]

WAIT = {"WaitOptions": {"WaitSeconds": 5}}
RETRY = {"StepOptions": {"NextAttemptDelaySeconds": 5}}
ERROR = {"ErrorMessage": "m"}

KNOWN = [
    update("context", "CONTEXT", "START"),
    update("named", "STEP", "START", Name="name", SubType="Sub", ParentId="context"),
    update("done", "STEP", "SUCCEED"),
    update("waits", "WAIT", "START", **WAIT),
    update("callback", "CALLBACK", "START"),
    update("ended", "CONTEXT", "FAIL"),
]


def refusal(*updates: Members) -> str:
    """Return how a batch is refused, after the operations that are known."""
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    send(execution, *KNOWN)
    events = list(execution.events)
    with pytest.raises(ApiError) as raised:
        send(execution, *updates)
    assert execution.events == events
    return str(raised.value)


@pytest.mark.parametrize(
    ("updates", "message"),
    [
        (
            [update("a", "STEP", "START"), update("a", "STEP", "START")],
            "Cannot checkpoint multiple operations with the same ID.",
        ),
        (
            [update("a", "STEP", "START"), update("a", "CONTEXT", "SUCCEED")],
            "Inconsistent operation type.",
        ),
        (
            [update("x", "EXECUTION", "FAIL"), update("a", "STEP", "START")],
            "EXECUTION checkpoint must be the last update.",
        ),
        (
            [update("x", "EXECUTION", "FAIL"), update("y", "EXECUTION", "FAIL")],
            "Cannot checkpoint multiple EXECUTION updates.",
        ),
        ([update("a", "STEP", "START", ParentId="nobody")], "Invalid parent operation id."),
        ([update("a", "STEP", "START", ParentId="done")], "Invalid parent operation id."),
        ([update("done", "CONTEXT", "START")], "Inconsistent operation type."),
        ([update("named", "STEP", "FAIL", SubType="Other")], "Inconsistent operation subtype."),
        ([update("named", "STEP", "FAIL", Name="other")], "Inconsistent operation name."),
        (
            [update("done", "STEP", "FAIL", ParentId="context")],
            "Inconsistent parent operation id.",
        ),
        ([update("a", "WAIT", "SUCCEED")], "Invalid action for the given operation type."),
        ([update("a", "CALLBACK", "FAIL")], "Invalid action for the given operation type."),
        ([update("x", "EXECUTION", "START")], "Invalid action for the given operation type."),
        ([update("named", "STEP", "START")], "Invalid current STEP state to start."),
        ([update("done", "STEP", "FAIL")], "Invalid current STEP state to close."),
        ([update("done", "STEP", "RETRY", **RETRY)], "Invalid current STEP state to re-attempt."),
        ([update("ended", "CONTEXT", "FAIL")], "Invalid current CONTEXT state to close."),
        ([update("waits", "WAIT", "START", **WAIT)], "Cannot start a WAIT that already exist."),
        ([update("callback", "CALLBACK", "START")], "Cannot start a CALLBACK that already exist."),
        ([update("context", "CONTEXT", "START")], "Cannot start a CONTEXT that already exist."),
        (
            [update("a", "WAIT", "CANCEL")],
            "Cannot cancel a WAIT that does not exist or has already completed.",
        ),
        (
            [update("a", "STEP", "FAIL", Payload="1")],
            "Cannot provide a Payload for FAIL action.",
        ),
        (
            [update("a", "STEP", "SUCCEED", Error=ERROR)],
            "Cannot provide an Error for SUCCEED action.",
        ),
        ([update("a", "STEP", "RETRY")], "Invalid StepOptions for the given action."),
        (
            [update("a", "STEP", "RETRY", Error=ERROR, Payload="1", **RETRY)],
            "Cannot provide both error and payload to RETRY a STEP.",
        ),
        (
            [update("a", "STEP", "FAIL", Error={"ErrorMessage": "x" * 32_768})],
            "Error object size must be less than 32768 bytes.",
        ),
        (
            [update("a", "CHAINED_INVOKE", "START")],
            "Update for CHAINED_INVOKE operation requires ChainedInvokeOptions.",
        ),
        (
            [
                update(
                    "a",
                    "CHAINED_INVOKE",
                    "START",
                    ChainedInvokeOptions={"FunctionName": "f"},
                    Payload="x" * 1_048_577,
                )
            ],
            "CHAINED_INVOKE input payload size must be less than or equal to 1048576 bytes.",
        ),
    ],
)
def test_a_batch_is_refused_as_a_whole_in_the_words_of_the_service(
    updates: list[Members], message: str
) -> None:
    first = update("fine", "STEP", "START")
    assert refusal(first, *updates) == message


@pytest.mark.parametrize(
    "members",
    [
        {"Id": ""},
        {"Id": "x" * 65},
        {"Id": "a b"},
        {"ParentId": "x" * 65},
        {"Name": ""},
        {"Name": "x" * 257},
        {"Name": "é"},
        {"SubType": "x" * 33},
        {"Type": "OTHER"},
        {"Action": "OTHER"},
        {"Payload": "x" * 6_291_457},
        {"Payload": 1},
        {"Error": "text"},
        {"Error": {"StackTrace": "text"}},
        {"StepOptions": {"NextAttemptDelaySeconds": 0}},
        {"StepOptions": {"NextAttemptDelaySeconds": 31_622_401}},
        {"WaitOptions": {"WaitSeconds": 0}},
        {"WaitOptions": {"WaitSeconds": 31_622_401}},
        {"WaitOptions": {"WaitSeconds": 1.5}},
        {"CallbackOptions": {"TimeoutSeconds": -1}},
        {"CallbackOptions": {"HeartbeatTimeoutSeconds": 100_000_000}},
        {"ChainedInvokeOptions": {"FunctionName": ""}},
        {"ChainedInvokeOptions": {"FunctionName": "f", "TenantId": "x" * 257}},
    ],
)
def test_a_member_beyond_its_limit_is_refused(members: Members) -> None:
    with pytest.raises(ApiError, match="1 validation error detected"):
        read_updates([update("a", "STEP", "START") | members])


@pytest.mark.parametrize(
    "members",
    [
        {"Id": "x" * 64, "ParentId": "x" * 64, "Name": "x" * 256, "SubType": "x" * 32},
        {"Payload": "x" * 6_291_456},
        {"StepOptions": {"NextAttemptDelaySeconds": 31_622_400}},
        {"WaitOptions": {"WaitSeconds": 31_622_400}},
        {"CallbackOptions": {"TimeoutSeconds": 99_999_999, "HeartbeatTimeoutSeconds": 0}},
    ],
)
def test_a_member_at_its_limit_is_taken(members: Members) -> None:
    assert read_updates([update("a", "STEP", "START") | members])
