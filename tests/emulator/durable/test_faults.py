"""What goes wrong between a handler and the emulator, and what must hold nevertheless."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

import pytest

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.durable import control
from lambda_ric.emulator.durable.execution import PAUSED
from lambda_ric.emulator.function import DurableConfig
from lambda_ric.testing import Emulator
from lambda_ric.testing.served_functions import ServedFunction
from tests.emulator.durable.test_machine import new_execution, send, update
from tests.support.paths import EMULATED_HANDLERS
from tests.support.service import function, running_service, scenario

NAMES = ("cut", "stale", "long", "chained")


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    functions: dict[str, str | ServedFunction] = {name: f"durable.{name}" for name in NAMES}
    functions["sleeps"] = {"handler": "durable.sleeps", "timeout": 1}
    with Emulator(
        functions=functions, cwd=EMULATED_HANDLERS, durable=NAMES, skip_time=True
    ) as running:
        yield running


def events_of(emulator: Emulator, arn: str | None) -> Counter[str]:
    assert arn is not None
    return Counter(emulator.executions.get(arn).events)


def test_a_checkpoint_that_is_lost_on_the_way_is_applied_once(emulator: Emulator) -> None:
    result = emulator.invoke("x", function="cut")
    assert result.payload == "x"
    events = events_of(emulator, result.durable_execution_arn)
    assert events["StepStarted"] == events["StepSucceeded"] == 2
    assert events["WaitStarted"] == events["WaitSucceeded"] == 1
    assert events["InvocationCompleted"] == 2


def test_an_invocation_with_a_stale_token_is_repeated_without_its_finished_steps(
    emulator: Emulator,
) -> None:
    result = emulator.invoke(function="stale")
    assert result.payload is not None
    assert "again" not in result.payload
    events = events_of(emulator, result.durable_execution_arn)
    assert (events["StepSucceeded"], events["InvocationCompleted"]) == (1, 2)


def test_a_chained_invoke_of_a_plain_function_times_out_with_it(emulator: Emulator) -> None:
    result = emulator.invoke("sleeps", function="chained")
    assert result.payload["Error"]["ErrorType"] == "Sandbox.Timedout"
    assert events_of(emulator, result.durable_execution_arn)["ChainedInvokeTimedOut"] == 1


@scenario
async def test_a_chained_execution_that_takes_too_long_fails_its_invoke() -> None:
    hour = 3_600
    caller = function("durable.chained", name="chained", durable=DurableConfig())
    target = function("durable.waits", name="waits", durable=DurableConfig(execution_timeout=hour))
    async with running_service(caller, target, skip_time=True) as running:
        path = "/2015-03-31/functions/chained/invocations"
        answer = await running.invoke("waits", path)
        assert answer.json()["Error"] == {
            "ErrorType": "ChainedInvoke.Timeout",
            "ErrorMessage": f"CHAINED_INVOKE timed out after {hour} seconds.",
        }
        store = running.service.executions.store
        (ended,) = store.summaries("waits")
        assert ended.status == "TIMED_OUT"
        assert ended.ended == pytest.approx(ended.started + hour)
        execution = store.load(answer.headers["x-amz-durable-execution-arn"])
        assert execution is not None
        assert execution.status == "SUCCEEDED"
        assert (
            Counter(event["EventType"] for event in execution.events)["ChainedInvokeTimedOut"] == 1
        )


def test_a_long_history_is_read_in_pages_by_everyone(emulator: Emulator) -> None:
    result = emulator.invoke(2_500, function="long")
    assert result.payload == 2_501
    assert events_of(emulator, result.durable_execution_arn)["StepSucceeded"] == 2_500


def seconds_for_checkpoints(operations: int) -> float:
    """Return the processor time of fifty checkpoints behind so many operations."""
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    for start in range(0, operations, 250):
        names = [f"s{number}" for number in range(start, start + 250)]
        send(execution, *[update(name, "STEP", "SUCCEED") for name in names])
    begun = time.process_time()
    for number in range(50):
        send(execution, update(f"later-{number}", "STEP", "SUCCEED"))
    return time.process_time() - begun


def test_a_checkpoint_costs_the_same_however_long_the_history_is() -> None:
    short = min(seconds_for_checkpoints(250) for _ in range(2))
    long = min(seconds_for_checkpoints(5_000) for _ in range(2))
    assert long < 5 * short  # a look at each operation would make it twenty times as much


def test_an_execution_whose_time_is_up_takes_no_checkpoint() -> None:
    execution = new_execution(timeout=10)
    execution.begin_invocation("r", 0.0)
    assert execution.invocation is not None
    token = execution.invocation.token
    execution.timers.fire(10.0)
    assert execution.status == "TIMED_OUT"
    execution.invocation.token = token  # even if it had been kept
    with pytest.raises(ApiError, match="Invalid checkpoint token"):
        send(execution, update("a", "STEP", "START"), now=10.0)
    assert execution.events[-1]["EventType"] == "ExecutionTimedOut"


def test_an_execution_that_was_about_to_pause_is_paused_after_a_restart() -> None:
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    control.pause(execution, None, stop_clock=False, now=1.0)
    execution.invocation = None  # it ended with the emulator
    execution.take_up(5.0)
    assert execution.status == PAUSED
    assert execution.events[-1]["EventType"] == "ExecutionPaused"


def test_an_execution_whose_end_was_checkpointed_ends_after_a_restart() -> None:
    execution = new_execution()
    execution.begin_invocation("r", 0.0)
    send(execution, update("x", "EXECUTION", "SUCCEED", Payload="7"))
    execution.invocation = None  # it ended with the emulator
    execution.take_up(5.0)
    assert (execution.status, execution.events[-1]["EventType"]) == (
        "SUCCEEDED",
        "ExecutionSucceeded",
    )
