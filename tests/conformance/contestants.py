"""The services that are judged: this emulator, and AWS's own local runner."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen
from uuid import uuid4

import boto3
from botocore.config import Config

from lambda_ric.testing import Emulator
from tests.conformance.judge import REGION, SUITES, Contestant, Requirement
from tests.support.processes import free_port

HANDLERS = Path(__file__).with_name("handlers")
FUNCTIONS = {
    **{suite: f"{suite}.handler" for suite in SUITES},
    "echo": "invoke.echo",
    "failing": "invoke.failing",
}

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_DEFAULT_REGION": REGION,
}

ENVIRONMENTS = 4
"""Execution environments of each function; an invocation that finds none waits, which is cheap."""

PATIENCE = 60.0
"""Seconds until a service is there, or an execution has ended."""


class _EmulatorAsService:
    """The emulator runs the executions."""

    def __init__(self, url: str) -> None:
        self.client = _client(url)

    def start(self, requirement: Requirement, event: str, *, wait: bool) -> str:
        """Start an execution, and return its ARN, after its end if asked."""
        response = self.client.invoke(
            FunctionName=requirement.suite,
            DurableExecutionName=_name(requirement),
            InvocationType="RequestResponse" if wait else "Event",
            Payload=event,
        )
        return str(response["DurableExecutionArn"])


class _RunnerAsService:
    """AWS's runner runs the executions; the emulator does no more than run plain functions."""

    def __init__(self, url: str) -> None:
        self.client = _client(url)
        self._url = url

    def start(self, requirement: Requirement, event: str, *, wait: bool) -> str:
        """Start an execution, and return its ARN, after its end if asked."""
        body = {
            "AccountId": "123456789012",
            "FunctionName": requirement.suite,
            "FunctionQualifier": "$LATEST",
            "ExecutionName": _name(requirement),
            "ExecutionTimeoutSeconds": 3_600,
            "ExecutionRetentionPeriodDays": 1,
            "Input": event,
        }
        headers = {"Content-Type": "application/json"}
        request = Request(
            f"{self._url}/start-durable-execution", json.dumps(body).encode(), headers
        )
        with urlopen(request, timeout=PATIENCE) as response:
            arn = str(json.load(response)["ExecutionArn"])
        end = time.monotonic() + PATIENCE
        while wait and self._runs(arn) and time.monotonic() < end:
            time.sleep(0.2)  # it has no way to wait for the end
        return arn

    def _runs(self, arn: str) -> bool:
        answer = self.client.get_durable_execution(DurableExecutionArn=arn)
        return bool(answer["Status"] == "RUNNING")


@contextmanager
def emulator() -> Iterator[Contestant]:
    """Start this emulator, with all functions durable."""
    with Emulator(
        functions=FUNCTIONS, cwd=HANDLERS, env=CREDENTIALS, concurrency=ENVIRONMENTS, durable=True
    ) as running:
        yield _EmulatorAsService(running.url)


@contextmanager
def runner() -> Iterator[Contestant]:
    """Start AWS's runner, and the emulator that runs its functions."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**CREDENTIALS, "AWS_ENDPOINT_URL_LAMBDA": url}
    durable = {"DurableConfig": {"ExecutionTimeout": 3_600, "RetentionPeriodInDays": 1}}
    with Emulator(
        functions=FUNCTIONS, cwd=HANDLERS, env=environment, concurrency=ENVIRONMENTS
    ) as running:
        command = [str(Path(sys.executable).with_name("dex-local-runner")), "start-server"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "ERROR"]
        command += ["--lambda-endpoint", running.url, "--local-runner-endpoint", url]
        command += ["--function-configs", json.dumps(dict.fromkeys(FUNCTIONS, durable))]
        process = subprocess.Popen(command, env={**CREDENTIALS, "PATH": ""})
        try:
            _await(f"{url}/health")
            yield _RunnerAsService(url)
        finally:
            process.kill()
            process.wait()


def _client(url: str) -> Any:
    return boto3.client(
        "lambda",
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(
            read_timeout=PATIENCE, retries={"total_max_attempts": 1}, max_pool_connections=50
        ),
    )


def _name(requirement: Requirement) -> str:
    return f"{requirement.name}_{uuid4().hex}"


def _await(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(url, timeout=1).close()
            return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
