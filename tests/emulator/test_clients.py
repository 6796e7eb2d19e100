"""The clients that people have: boto3 and curl. The AWS command line is in tests/acceptance."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from lambda_ric.testing import Emulator
from tests.conftest import Require

pytestmark = pytest.mark.slow

HANDLERS = Path(__file__).parent / "handlers"


def _boto3(url: str) -> Any:
    return boto3.client(
        "lambda",
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}, read_timeout=60),
    )


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    functions = {"app": "app.handler", "stream": "app.stream", "describe": "app.describe"}
    with Emulator(functions=functions, cwd=HANDLERS) as emulator:
        yield emulator


@pytest.fixture
def client(emulator: Emulator) -> Iterator[Any]:
    client = _boto3(emulator.url)
    yield client
    client.close()


def test_boto3_invokes_and_reads_the_end_of_the_log(client: Any) -> None:
    event = json.dumps({"write": "said\n", "keep": "é"})
    answer = client.invoke(FunctionName="app", Payload=event, LogType="Tail")
    assert answer["StatusCode"] == 200
    assert answer["ExecutedVersion"] == "$LATEST"
    assert "FunctionError" not in answer
    assert json.load(answer["Payload"])["event"] == json.loads(event)
    log = base64.b64decode(answer["LogResult"]).decode()
    assert log.startswith("START RequestId: ")
    assert "\nsaid\n" in log
    assert "\nREPORT RequestId: " in log


def test_boto3_sees_errors_of_the_function(client: Any) -> None:
    for event, kind in (({"fail": "no"}, "ValueError"), ({"exit": 3}, "Runtime.ExitError")):
        answer = client.invoke(FunctionName="app", Payload=json.dumps(event))
        assert answer["StatusCode"] == 200
        assert answer["FunctionError"] == "Unhandled"
        assert json.load(answer["Payload"])["errorType"] == kind


def test_boto3_hands_over_events_and_asks_whether_it_could(client: Any) -> None:
    for kind, status in (("Event", 202), ("DryRun", 204)):
        answer = client.invoke(FunctionName="app", InvocationType=kind, Payload=b"{}")
        assert answer["StatusCode"] == status
        assert answer["Payload"].read() == b""


def test_boto3_tells_the_function_about_its_caller(client: Any) -> None:
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:describe"
    context = base64.b64encode(b'{"custom": {"a": "b"}}').decode()
    answer = client.invoke(FunctionName=arn, Qualifier="live", ClientContext=context, TenantId="t")
    seen = json.load(answer["Payload"])
    assert seen["custom"] == {"a": "b"}
    assert seen["tenant_id"] == "t"
    assert seen["arn"] == f"{arn}:live"


def test_boto3_reads_a_stream_chunk_by_chunk(client: Any) -> None:
    event = json.dumps({"parts": ["a", "b", "c"], "pause": 0.3})
    answer = client.invoke_with_response_stream(FunctionName="stream", Payload=event)
    seen = [(time.monotonic(), part) for part in answer["EventStream"]]
    chunks = [(at, part["PayloadChunk"]["Payload"]) for at, part in seen if "PayloadChunk" in part]
    assert [chunk for _, chunk in chunks] == [b"a", b"b", b"c"]
    assert chunks[-1][0] - chunks[0][0] > 0.4
    assert "ErrorCode" not in seen[-1][1]["InvokeComplete"]


def test_boto3_raises_what_the_service_would(client: Any) -> None:
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="served here: app"):
        client.invoke(FunctionName="unknown")
    with pytest.raises(client.exceptions.InvalidRequestContentException, match="into json"):
        client.invoke(FunctionName="app", Payload=b"{")
    with pytest.raises(client.exceptions.RequestTooLargeException):
        client.invoke(FunctionName="app", Payload=b'"' + b"x" * 6_291_556 + b'"')


def test_curl_invokes_with_any_content_type(
    emulator: Emulator, tmp_path: Path, require: Require
) -> None:
    require(shutil.which("curl"), "curl is not installed")
    url = f"{emulator.url}/2015-03-31/functions/app/invocations"
    large = tmp_path / "event.json"
    large.write_text(json.dumps({"keep": "x" * 2_000_000}))
    for arguments in (("-d", "{}"), ("-XPOST",), ("--data-binary", f"@{large}")):
        command = ["curl", "-sS", "--max-time", "60", url, *arguments]
        done = subprocess.run(command, capture_output=True, check=True)
        assert json.loads(done.stdout)["event"].keys() <= {"keep"}
