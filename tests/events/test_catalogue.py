from __future__ import annotations

import pytest

from lambda_ric.testing import events
from lambda_ric.testing.events import Event

SAM_NAMES = [
    "alb/request",
    "apigateway/authorizer",
    "apigateway/aws-proxy",
    "apigateway/http-api-proxy",
    "apigateway/request-authorizer",
    "appsync/appsync-resolver",
    "cloudformation/create-request",
    "cloudwatch/logs",
    "cloudwatch/scheduled-event",
    "codecommit/repository",
    "codepipeline/job",
    "cognito/sync-trigger",
    "config/item-change-notification",
    "config/oversized-item-change-notification",
    "config/periodic-rule",
    "connect/contact-flow-event",
    "dynamodb/update",
    "kinesis/get-records",
    "kinesis/kinesis-firehose",
    "kinesis/streams-as-source",
    "s3/batch-invocation",
    "s3/delete",
    "s3/put",
    "ses/email-receiving",
    "sns/notification",
    "sqs/receive-message",
    "stepfunctions/error",
]


@pytest.mark.parametrize("name", SAM_NAMES)
def test_the_names_of_sam_work(name: str) -> None:
    assert events.sample(name)


def test_no_name_means_two_samples() -> None:
    names = [name for entry in events.CATALOGUE for name in (entry.name, *entry.aliases)]
    assert len(names) == len(set(names))
    assert all(name.count("/") == 1 for name in names)


def test_a_service_name_means_its_first_sample() -> None:
    assert events.find("sqs").name == "sqs/message"
    assert events.find("SQS/").name == "sqs/message"


def test_settings_reach_the_builder() -> None:
    (record,) = events.sample("sqs/fifo", body="hi", queue="orders")["Records"]
    assert record["body"] == "hi"
    assert record["eventSourceARN"].endswith(":orders.fifo")


def test_an_unknown_name_suggests_similar_ones() -> None:
    with pytest.raises(events.UnknownSample, match=r"no sample event 'sqs/x'; perhaps sqs/message"):
        events.sample("sqs/x")
    with pytest.raises(events.UnknownSample, match="perhaps kinesis"):
        events.find("kinesiss")
    with pytest.raises(events.UnknownSample, match=r"^no sample event 'qqqqqq'$"):
        events.find("qqqqqq")


def test_an_unknown_setting_says_which_there_are() -> None:
    with pytest.raises(events.UnknownSetting, match="s3/put has no setting 'bukket'; it has: key"):
        events.sample("s3/put", bukket="b")
    with pytest.raises(events.UnknownSetting, match="has no setting 'event_name'"):
        events.sample("s3/put", event_name="x")


def test_a_preset_is_not_a_setting() -> None:
    assert "fifo" in events.find("sqs/message").settings
    assert "fifo" not in events.find("sqs/fifo").settings


def test_all_public_builders_are_in_the_catalogue() -> None:
    tools = {"CATALOGUE", "Event", "Sample", "UnknownSample", "UnknownSetting", "find", "sample"}
    builders = {getattr(events, name) for name in set(events.__all__) - tools}
    assert builders == {entry.builder for entry in events.CATALOGUE}
    assert Event is events.Event
