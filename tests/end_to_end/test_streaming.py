"""Streams through the runtime and the local Lambda to boto3, as a user sees them."""

from __future__ import annotations

import http.client
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from lambda_ric.testing import Emulator

HANDLERS = Path(__file__).with_name("handlers")
STREAM_PATH = "/2021-11-15/functions/test_function/response-streaming-invocations"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator("pieces.chosen", cwd=HANDLERS, concurrency=1) as running:
        yield running


@pytest.fixture(scope="module")
def client(emulator: Emulator) -> Iterator[Any]:
    session = boto3.Session("testing", "testing", region_name="us-east-1")
    settings = Config(read_timeout=60, retries={"max_attempts": 0})
    made = session.client("lambda", endpoint_url=emulator.url, config=settings)
    yield made
    made.close()


def stream(client: Any, **event: object) -> Iterator[tuple[str, Any]]:
    """Give the pieces as they arrive, and the end."""
    answer = client.invoke_with_response_stream(
        FunctionName="test_function", Payload=json.dumps(event)
    )
    for message in answer["EventStream"]:
        if "PayloadChunk" in message:
            yield "chunk", message["PayloadChunk"]["Payload"]
        else:
            yield "complete", message["InvokeComplete"]


def test_boto3_reads_a_stream_and_its_prelude(client: Any) -> None:
    *chunks, (kind, end) = stream(client, use="words", words=["one ", "zwöi"])
    prelude, _, body = b"".join(data for _, data in chunks).partition(b"\0" * 8)
    assert json.loads(prelude) == {
        "statusCode": 200,
        "headers": {"content-type": "text/plain"},
        "cookies": ["a=b"],
    }
    assert body == "one zwöi".encode()
    assert (kind, "ErrorCode" in end) == ("complete", False)


def test_boto3_sees_an_error_in_the_middle_of_a_stream(client: Any) -> None:
    *chunks, (_, end) = stream(client, use="words", words=["begun"], fail="midway")
    assert chunks[-1] == ("chunk", b"begun")
    assert end["ErrorCode"] == "Function.ValueError"
    assert json.loads(end["ErrorDetails"])["errorMessage"] == "midway"


def test_a_plain_invoke_of_a_stream_gets_all_of_it(client: Any) -> None:
    answer = client.invoke(
        FunctionName="test_function", Payload=json.dumps({"use": "timed", "count": 3, "pause": 0})
    )
    assert answer["Payload"].read().count(b"\n") == 3


def test_a_caller_that_goes_away_does_not_cost_the_next_invocation(
    emulator: Emulator, client: Any
) -> None:
    connection = http.client.HTTPConnection(emulator.url.removeprefix("http://"), timeout=30)
    connection.request("POST", STREAM_PATH, json.dumps({"use": "large", "mebibytes": 20}))
    connection.getresponse().read(100_000)
    connection.close()
    *_, (kind, _) = stream(client, use="timed", count=1, pause=0)
    assert kind == "complete"


def test_a_piece_is_at_the_caller_milliseconds_after_it_was_yielded(
    client: Any, record_property: Callable[[str, object], None]
) -> None:
    list(stream(client, use="timed", count=1, pause=0))
    delays = []
    for kind, data in stream(client, use="timed", count=20, pause=0.02):
        if kind == "chunk":
            delays.append(time.time() - float(data))
    assert len(delays) == 20
    record_property("median delay in ms", statistics.median(delays) * 1000)
    print(f"median delay of a piece: {statistics.median(delays) * 1000:.2f} ms")
    assert statistics.median(delays) < 0.5  # the figure is in the documentation; this is the sanity
