"""Under the emulator of this package, beside awslambdaric: what its client sees is the same."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from lambda_ric.testing import Emulator
from tests.support.paths import HANDLERS, ROOT

RUNTIMES = ["awslambdaric", "lambda_ric"]
ENVIRON = {"PYTHONPATH": str(ROOT), "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12"}


def emulating(runtime: str, handler: str) -> Emulator:
    command = (sys.executable, "-m", runtime, handler)
    return Emulator(command=command, cwd=HANDLERS, env=ENVIRON)


def count(emulator: Emulator) -> int:
    """Return how many invokes this process has served."""
    served: int = emulator.invoke({"do": "count"}).payload
    return served


@pytest.fixture(scope="module", params=RUNTIMES)
def emulator(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    with emulating(request.param, "everything.handler") as running:
        yield running


def test_serves_events_of_every_kind(emulator: Emulator) -> None:
    events: list[Any] = [{"a": 1}, [], "text", "é😀", None, 1.5, {}]
    before = count(emulator)
    for event in events:
        answer = emulator.invoke(event)
        assert (answer.status, answer.function_error) == (200, None)
        assert answer.payload == {"event": event, "json": json.dumps(event)}
    assert count(emulator) == before + 8


def test_errors_reach_the_client(emulator: Emulator) -> None:
    before = count(emulator)
    answer = emulator.invoke({"do": "fail"})
    assert (answer.status, answer.function_error) == (200, "Unhandled")
    assert list(answer.payload) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert answer.payload["errorMessage"] == "on request"
    assert answer.payload["requestId"] == answer.request_id
    answer = emulator.invoke({"do": "unwritable"})
    assert answer.payload["errorType"] == "Runtime.MarshalError"
    assert count(emulator) == before + 3


def test_bytes_and_large_results_reach_the_client(emulator: Emulator) -> None:
    assert emulator.invoke({"do": "bytes"}).body == b"\x00\xff"
    assert len(emulator.invoke({"do": "size", "size": 6_000_000}).body) == 6_000_002
    large = "y" * 2_000_000
    assert emulator.invoke(large).payload["event"] == large


def test_the_context_is_that_of_the_emulator(emulator: Emulator) -> None:
    context = emulator.invoke({"do": "context"}).payload
    assert context["name"] == "test_function"
    assert context["version"] == "$LATEST"
    assert context["memory"] == "3008"
    assert context["arn"].endswith(":function:test_function")
    assert context["remaining"] is True
    assert context["id"] == 36
    answer = emulator.invoke({"do": "client context"}, client_context={"custom": {"k": "v"}})
    assert answer.payload == {"k": "v"}


def test_prints_and_log_records_are_in_the_log(emulator: Emulator) -> None:
    emulator.invoke({"do": "log"})
    emulator.invoke({"do": "count"})
    assert "printed" in emulator.log
    assert "\tlogged" in emulator.log


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"do": "exit", "code": 3}, "exit status 3"),
        ({"do": "leave"}, "Runtime exited without providing a reason"),
    ],
)
def test_a_function_that_ends_its_process_is_started_again(
    emulator: Emulator, event: dict[str, Any], reason: str
) -> None:
    count(emulator)
    assert count(emulator) > 1
    answer = emulator.invoke(event)
    assert answer.function_error == "Unhandled"
    assert answer.payload["errorType"] == "Runtime.ExitError"
    assert answer.payload["errorMessage"].endswith(reason)
    assert count(emulator) == 1


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_an_init_error_reaches_the_client(runtime: str) -> None:
    with emulating(runtime, "app.missing") as emulator:
        for _ in range(2):
            answer = emulator.invoke({})
            assert answer.function_error == "Unhandled"
            assert answer.payload["errorType"] == "Runtime.HandlerNotFound"


def test_a_result_that_is_too_large_leaves_our_process_alive() -> None:
    with emulating("lambda_ric", "everything.handler") as emulator:
        answer = emulator.invoke({"do": "size", "size": 6_300_000})
        assert answer.payload["errorType"] == "Function.ResponseSizeTooLarge"
        assert count(emulator) == 2
