"""Under AWS's own emulator, beside awslambdaric: what its client sees is the same."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import HANDLERS
from tests.support.processes import environment
from tests.support.rie import RunningRie, running_rie

RUNTIMES = ["awslambdaric", "lambda_ric"]


def emulating(program: Path, runtime: str, handler: str) -> AbstractContextManager[RunningRie]:
    env = environment(AWS_EXECUTION_ENV="AWS_Lambda_python3.12")
    return running_rie(program, [sys.executable, "-m", runtime, handler], HANDLERS, env)


def count(rie: RunningRie) -> int:
    """Return how many invokes this process has served."""
    served: int = rie.invoke({"do": "count"}).json()
    return served


@pytest.fixture(scope="module", params=RUNTIMES)
def rie(request: pytest.FixtureRequest, aws_rie: Path) -> Iterator[RunningRie]:
    with emulating(aws_rie, request.param, "everything.handler") as running:
        yield running


def test_serves_events_of_every_kind(rie: RunningRie) -> None:
    events: list[Any] = [{"a": 1}, [], "text", "é😀", None, 1.5, {}]
    before = count(rie)
    for event in events:
        answer = rie.invoke(event)
        assert answer.status_code == 200
        assert answer.json() == {"event": event, "json": json.dumps(event)}
    assert count(rie) == before + 8


def test_errors_reach_the_client(rie: RunningRie) -> None:
    before = count(rie)
    answer = rie.invoke({"do": "fail"})
    error = answer.json()
    assert answer.status_code == 200
    assert list(error) == ["errorMessage", "errorType", "requestId", "stackTrace"]
    assert error["errorMessage"] == "on request"
    assert error["errorType"] == "ValueError"
    assert len(error["stackTrace"]) == 1
    assert rie.invoke({"do": "unwritable"}).json()["errorType"] == "Runtime.MarshalError"
    assert rie.invoke(b"{broken").json()["errorType"] == "Runtime.UnmarshalError"
    assert count(rie) == before + 3


def test_bytes_and_large_results_reach_the_client(rie: RunningRie) -> None:
    assert rie.invoke({"do": "bytes"}).content == b"\x00\xff"
    answer = rie.invoke({"do": "size", "size": 6_000_000})
    assert (answer.status_code, len(answer.content)) == (200, 6_000_002)
    large = "y" * 2_000_000
    assert rie.invoke(large).json()["event"] == large


def test_the_context_is_that_of_the_emulator(rie: RunningRie) -> None:
    assert rie.invoke({"do": "context"}).json() == {
        "name": "test_function",
        "version": "$LATEST",
        "memory": "3008",
        "arn": "arn:aws:lambda:us-east-1:012345678912:function:test_function",
        "remaining": True,
        "id": 36,
    }
    context = base64.b64encode(b'{"custom": {"k": "v"}}').decode()
    answer = rie.invoke({"do": "client context"}, X_Amz_Client_Context=context)
    assert (answer.status_code, answer.json()) == (200, {"k": "v"})


def test_prints_and_log_records_are_in_the_log(rie: RunningRie) -> None:
    rie.invoke({"do": "log"})
    lines = rie.log.splitlines()
    printed = lines.index("printed")
    assert lines[printed + 1].startswith("[WARNING]\t")
    assert lines[printed + 1].endswith("\tlogged")
    assert any(line.startswith("END RequestId: ") for line in lines[printed + 2 :])


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"do": "exit", "code": 3}, "Runtime exited with error: exit status 3"),
        ({"do": "leave"}, "Runtime exited without providing a reason"),
    ],
)
def test_a_function_that_ends_its_process_is_started_again(
    rie: RunningRie, event: dict[str, Any], reason: str
) -> None:
    count(rie)
    assert count(rie) > 1
    answer = rie.invoke(event)
    assert answer.status_code == 502
    assert answer.json()["errorMessage"].endswith(reason)
    assert count(rie) == 1


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_an_init_error_reaches_the_client(aws_rie: Path, runtime: str) -> None:
    with emulating(aws_rie, runtime, "app.missing") as rie:
        for _ in range(2):
            answer = rie.invoke({})
            assert answer.status_code == 502
            assert answer.json() == {
                "errorMessage": "Handler 'missing' missing on module 'app'",
                "errorType": "Runtime.HandlerNotFound",
                "requestId": "",
                "stackTrace": [],
            }


def test_a_result_that_is_too_large_leaves_our_process_alive(aws_rie: Path) -> None:
    with emulating(aws_rie, "lambda_ric", "everything.handler") as rie:
        answer = rie.invoke({"do": "size", "size": 6_300_000})
        assert (answer.status_code, answer.json()["errorType"]) == (
            200,
            "Function.ResponseSizeTooLarge",
        )
        assert count(rie) == 2
