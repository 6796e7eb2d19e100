"""AWS's SDK for durable functions in JavaScript, under AWS's runtime client for Node."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_ric.testing import Emulator
from lambda_ric.testing.executions import DurableExecution
from tests.acceptance.others import prepared
from tests.conftest import Require

HANDLERS = Path(__file__).parent / "handlers"


@pytest.fixture(name="emulator", scope="module")
def _emulator(require: Require) -> Iterator[Emulator]:
    packages = prepared() / "node" / "node_modules"
    client = packages / "aws-lambda-ric"
    require(shutil.which("node"), "node is not installed")
    require((client / "rapid-client.node").exists(), "npm did not build aws-lambda-ric")
    sdk = packages / "@aws" / "durable-execution-sdk-js"
    require(sdk.exists(), "@aws/durable-execution-sdk-js is not installed")
    with Emulator(
        "durable.handler",
        command=("node", str(client / "index.mjs")),
        cwd=HANDLERS,
        env={
            "NODE_PACKAGES": str(packages),
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
        },
        durable=True,
        skip_time=True,
        timeout=30,
    ) as running:
        yield running


def run(emulator: Emulator, event: dict[str, object]) -> DurableExecution:
    """Run the handler, and approve of its order."""
    arn = emulator.invoke(event, invocation_type="Event").durable_execution_arn
    assert arn is not None
    callback = emulator.executions.wait_for_callback(arn)
    emulator.executions.succeed(callback, "yes")
    return emulator.executions.wait(arn)


def test_it_runs_a_step_a_wait_a_callback_and_parallel_branches(emulator: Emulator) -> None:
    ended = run(emulator, {"order": 7})
    assert ended.result == {
        "order": 7,
        "attempts": 1,
        "approval": '"yes"',
        "shipped": ["packed", "handed over"],
    }
    assert ended.events.count("WaitSucceeded") == 2
    assert ended.events.count("CallbackSucceeded") == 1
    assert ended.events.count("StepSucceeded") == 4  # one of them hands the callback over


def test_a_step_that_fails_is_tried_again_after_its_delay(emulator: Emulator) -> None:
    ended = run(emulator, {"order": 8, "fails": True})
    assert ended.result["attempts"] == 2
    assert ended.events.count("StepFailed") == 1


def test_a_process_that_dies_in_a_branch_repeats_no_finished_step(
    emulator: Emulator, tmp_path: Path
) -> None:
    ended = run(emulator, {"order": 9, "mark": str(tmp_path / "mark")})
    assert ended.result["shipped"] == ["packed", "handed over"]
    names = [e.get("Name") for e in ended.history if e["EventType"] == "StepSucceeded"]
    assert names.count("reserve") == names.count("pack") == names.count("hand over") == 1
