"""AWS's runtime client for Node, `aws-lambda-ric`, as the child of the emulator."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_ric.testing import Emulator
from tests.acceptance.others import prepared
from tests.conftest import Require

HANDLERS = Path(__file__).parent / "handlers"


@pytest.fixture(name="client", scope="module")
def _client(require: Require) -> tuple[str, ...]:
    """The command that serves a handler with Node."""
    package = prepared() / "node" / "node_modules" / "aws-lambda-ric"
    require(shutil.which("node"), "node is not installed")
    require((package / "rapid-client.node").exists(), "npm did not build aws-lambda-ric")
    return ("node", str(package / "index.mjs"))


@pytest.fixture
def buffered(client: tuple[str, ...]) -> Iterator[Emulator]:
    with Emulator("node.handler", command=client, cwd=HANDLERS, timeout=30) as emulator:
        yield emulator


@pytest.fixture
def streaming(client: tuple[str, ...]) -> Iterator[Emulator]:
    with Emulator("node.stream", command=client, cwd=HANDLERS, timeout=30) as emulator:
        yield emulator


def test_it_answers_again_and_again(buffered: Emulator) -> None:
    for number in range(3):
        result = buffered.invoke({"number": number})
        assert result.function_error is None
        assert result.payload["event"] == {"number": number}
        assert result.payload["requestId"] == result.request_id
        assert 0 < result.payload["remaining"] <= 30_000
        assert "running" in (result.log_tail or "")


def test_its_errors_and_its_exit_are_reported(buffered: Emulator) -> None:
    failed = buffered.invoke({"fail": "no"})
    assert failed.function_error == "Unhandled"
    assert failed.payload["errorType"] == "TypeError"
    died = buffered.invoke({"exit": 3})
    assert died.payload["errorType"] == "Runtime.ExitError"
    assert buffered.invoke({}).payload["event"] == {}


def test_its_streams_arrive_as_they_are_made(streaming: Emulator) -> None:
    with streaming.stream({"parts": ["one", "two", "three"], "pause": 300}) as stream:
        arrivals = [(chunk, time.monotonic()) for chunk in stream]
        assert b"".join(chunk for chunk, _ in arrivals) == b"onetwothree"
        assert arrivals[-1][1] - arrivals[0][1] > 0.3
        assert stream.end is not None
        assert stream.end.error_code is None


def test_a_stream_that_fails_says_so_at_its_end(streaming: Emulator) -> None:
    with streaming.stream({"parts": ["one"], "pause": 100, "fail": "no"}) as stream:
        assert b"".join(stream) == b"one"
        assert stream.end is not None
        assert stream.end.error_code is not None
        assert "no" in (stream.end.error_details or "")
