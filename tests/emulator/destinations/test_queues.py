"""Records in SQS queues and SNS topics; moto plays the services."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from lambda_ric.testing import Emulator
from tests.support.paths import EMULATED_HANDLERS, ROOT
from tests.support.processes import environment, free_port, listens, started

pytestmark = [pytest.mark.dev, pytest.mark.slow]

REGION = "eu-west-1"
KEYS = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}


@dataclass
class Moto:
    url: str
    sqs: Any
    sns: Any

    def queue(self, name: str) -> tuple[str, str]:
        """Create a queue, and return its URL and its ARN."""
        url = self.sqs.create_queue(QueueName=name)["QueueUrl"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]

    def message(self, url: str) -> Any:
        """Wait for a message of a queue."""
        found = self.sqs.receive_message(
            QueueUrl=url, WaitTimeSeconds=20, MessageSystemAttributeNames=["All"]
        )
        (message,) = found["Messages"]
        return message


@pytest.fixture(scope="module")
def moto() -> Iterator[Moto]:
    port = free_port()
    program = Path(sys.executable).with_name("moto_server")
    with started([program, "-p", str(port)], ROOT, environment(), merged=True) as server:
        server.until(lambda: listens(port))
        url = f"http://127.0.0.1:{port}"
        clients = [
            boto3.client(service, endpoint_url=url, region_name=REGION, **KEYS)
            for service in ("sqs", "sns")
        ]
        yield Moto(url, *clients)
        for client in clients:
            client.close()


def emulator(env: dict[str, str], **options: Any) -> Emulator:
    return Emulator(
        "app.handler",
        cwd=EMULATED_HANDLERS,
        env={"AWS_REGION": REGION, **env},
        maximum_retry_attempts=0,
        **options,
    )


def test_a_queue_is_named_by_its_url_which_is_the_endpoint_too(moto: Moto) -> None:
    url, _ = moto.queue("by-url")
    with emulator({}, on_success=url) as running:
        accepted = running.invoke({"keep": 1}, invocation_type="Event")
        message = moto.message(url)
    record = json.loads(message["Body"])
    assert record["requestContext"]["requestId"] == accepted.request_id
    assert record["responsePayload"]["event"] == {"keep": 1}
    assert message["Attributes"]["AWSTraceHeader"].startswith("Root=1-")


def test_a_queue_is_named_by_its_arn_behind_the_endpoint_of_the_variables(moto: Moto) -> None:
    url, arn = moto.queue("by-arn")
    with emulator({"AWS_ENDPOINT_URL_SQS": moto.url}, on_failure=arn) as running:
        for _ in range(2):
            running.invoke({"fail": "boom"}, invocation_type="Event")
            record = json.loads(moto.message(url)["Body"])
            assert record["requestContext"]["condition"] == "RetriesExhausted"


def test_a_topic_passes_records_on(moto: Moto) -> None:
    url, arn = moto.queue("subscribed")
    topic = moto.sns.create_topic(Name="records")["TopicArn"]
    moto.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    with emulator({"AWS_ENDPOINT_URL": moto.url}, on_success=topic) as running:
        running.invoke({"keep": 1}, invocation_type="Event")
        notification = json.loads(moto.message(url)["Body"])
    assert json.loads(notification["Message"])["requestContext"]["condition"] == "Success"


def test_a_queue_that_is_not_there_is_reported_with_the_words_of_the_service(moto: Moto) -> None:
    arn = f"arn:aws:sqs:{REGION}:123456789012:nowhere"
    url, _ = moto.queue("there")
    variables = {"AWS_ENDPOINT_URL_SQS": moto.url}
    with emulator(variables, on_failure=arn, on_success=url) as running:
        running.invoke({"fail": "boom"}, invocation_type="Event")
        running.invoke({}, invocation_type="Event")
        moto.message(url)  # records are sent in their order
    assert (
        f"Record not sent to {arn}: An error occurred (AWS.SimpleQueueService.NonE" in running.log
    )


def test_a_queue_that_never_answers_holds_up_no_other(moto: Moto) -> None:
    url, _ = moto.queue("answering")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        never = f"http://127.0.0.1:{deaf.getsockname()[1]}/000000000000/records"
        with emulator({}, on_success=never, on_failure=url) as running:
            running.invoke({}, invocation_type="Event")
            connection, _ = deaf.accept()
            running.invoke({"fail": "boom"}, invocation_type="Event")
            assert "RetriesExhausted" in moto.message(url)["Body"]
        connection.close()
    assert "records that were not sent to their destinations: 1" in running.log


def test_a_record_that_was_sent_off_arrives_though_the_emulator_stops(moto: Moto) -> None:
    url, _ = moto.queue("at-the-end")
    with emulator({}, on_success=url, concurrency=1) as running:
        running.invoke({}, invocation_type="Event")
        running.invoke({})  # served after the event
    assert moto.message(url)
