from __future__ import annotations

import gzip
import hashlib
import json
import re
from base64 import b64decode

import pytest
from boto3.dynamodb.types import TypeDeserializer
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.events.messages import attributes_checksum
from lambda_ric.testing import events


@pytest.mark.parametrize("sample", events.CATALOGUE, ids=lambda sample: sample.name)
def test_an_event_is_json_and_a_new_one_every_time(sample: events.Sample) -> None:
    first, second = sample.build(), sample.build()
    assert json.loads(json.dumps(first)) == first
    if sample.name not in ("hello/world", "iot/rule", "stepfunctions/error"):
        assert first != second


def test_events_share_nothing_that_a_handler_could_change() -> None:
    first = events.rest_api(query="a=1")
    first["headers"]["x"] = "changed"
    first["requestContext"]["identity"]["user"] = "changed"
    second = events.rest_api(query="a=1")
    assert "x" not in second["headers"]
    assert second["requestContext"]["identity"]["user"] is None


@given(st.text())
def test_the_body_of_a_queue_message_has_its_md5(body: str) -> None:
    (record,) = events.sqs(body)["Records"]
    assert record["md5OfBody"] == hashlib.md5(body.encode("utf-8")).hexdigest()


def test_each_body_is_a_message_of_one_batch() -> None:
    records = events.sqs("a", {"b": 1}, fifo=True, group="g")["Records"]
    assert [record["body"] for record in records] == ["a", '{"b": 1}']
    assert len({record["messageId"] for record in records}) == 2
    numbers = [int(record["attributes"]["SequenceNumber"]) for record in records]
    assert numbers == sorted(numbers)
    assert numbers[0] < numbers[1]
    assert {record["attributes"]["MessageGroupId"] for record in records} == {"g"}
    assert records[0]["eventSourceARN"].endswith(":my-queue.fifo")
    assert records[0]["attributes"]["MessageDeduplicationId"] == hashlib.sha256(b"a").hexdigest()


def test_message_attributes_have_types_and_a_checksum() -> None:
    (record,) = events.sqs("x", attributes={"n": 5, "s": "t", "b": b"\0"})["Records"]
    types = {name: value["dataType"] for name, value in record["messageAttributes"].items()}
    assert types == {"n": "Number", "s": "String", "b": "Binary"}
    parts = b"\0\0\0\1b\0\0\0\6Binary\2\0\0\0\1\0"
    parts += b"\0\0\0\1n\0\0\0\6Number\1\0\0\0\0015"
    parts += b"\0\0\0\1s\0\0\0\6String\1\0\0\0\1t"
    assert record["md5OfMessageAttributes"] == hashlib.md5(parts).hexdigest()
    assert attributes_checksum({"s": "t", "n": 5, "b": b"\0"}) == hashlib.md5(parts).hexdigest()


def test_a_queue_behind_a_topic_gets_the_notification_as_body() -> None:
    (record,) = events.sns_in_sqs({"order": 1}, topic="t")["Records"]
    notification = json.loads(record["body"])
    assert json.loads(notification["Message"]) == {"order": 1}
    assert notification["TopicArn"].endswith(":t")
    assert {"SigningCertURL", "UnsubscribeURL"} < notification.keys()
    assert "MessageAttributes" not in notification


def test_keys_of_s3_are_encoded_in_notifications_but_not_in_eventbridge() -> None:
    (record,) = events.s3("a b/ü+.txt")["Records"]
    assert record["s3"]["object"]["key"] == "a+b/%C3%BC%2B.txt"
    assert events.s3_through_eventbridge("a b/ü+.txt")["detail"]["object"]["key"] == "a b/ü+.txt"


def test_a_deleted_object_has_no_size() -> None:
    (record,) = events.sample("s3/delete")["Records"]
    assert record["s3"]["object"].keys() == {"key", "sequencer"}


def test_log_lines_come_back_out_of_base64_and_gzip() -> None:
    event = events.cloudwatch_logs("one", {"level": "ERROR"})
    data = json.loads(gzip.decompress(b64decode(event["awslogs"]["data"])))
    assert [line["message"] for line in data["logEvents"]] == ["one", '{"level": "ERROR"}']


@given(st.binary())
def test_stream_data_is_base64(data: bytes) -> None:
    (record,) = events.kinesis(data)["Records"]
    assert b64decode(record["kinesis"]["data"], validate=True) == data
    (changed,) = events.firehose(data)["records"]
    assert b64decode(changed["data"], validate=True) == data


_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.text())
_ITEMS = st.dictionaries(
    st.text(),
    st.recursive(
        _SCALARS,
        lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
        max_leaves=8,
    ),
)


@given(_ITEMS)
def test_items_of_dynamodb_are_read_back_by_boto3(item: dict[str, object]) -> None:
    (record,) = events.dynamodb({**item, "id": 1}, key="id")["Records"]
    read = {k: TypeDeserializer().deserialize(v) for k, v in record["dynamodb"]["NewImage"].items()}
    assert read == {**item, "id": 1}


def test_sets_of_dynamodb_have_one_type() -> None:
    (record,) = events.dynamodb({"id": 1, "tags": {"b", "a"}})["Records"]
    assert record["dynamodb"]["NewImage"]["tags"] == {"SS": ["a", "b"]}
    for impossible in ({"a", 1}, set(), object()):
        with pytest.raises(TypeError, match="DynamoDB has no type for"):
            events.dynamodb({"id": 1, "x": impossible})


@pytest.mark.parametrize(
    ("event_name", "images"),
    [
        ("INSERT", {"NewImage"}),
        ("MODIFY", {"NewImage", "OldImage"}),
        ("REMOVE", {"OldImage"}),
    ],
)
def test_a_change_has_the_images_it_can_have(event_name: str, images: set[str]) -> None:
    (record,) = events.dynamodb({"id": 1}, {"id": 1, "x": 2}, event_name=event_name)["Records"]
    assert {name for name in record["dynamodb"] if name.endswith("Image")} == images


def test_repeated_query_values_take_the_form_of_each_front_end() -> None:
    query = "a=1&a=2&b=x%20y&c="
    rest = events.rest_api(query=query)
    assert rest["queryStringParameters"] == {"a": "2", "b": "x y", "c": ""}
    assert rest["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["x y"], "c": [""]}
    url = events.function_url(query=query)
    assert url["queryStringParameters"] == {"a": "1,2", "b": "x y", "c": ""}
    assert url["rawQueryString"] == query
    balancer = events.alb(query=query)
    assert balancer["queryStringParameters"] == {"a": "2", "b": "x%20y", "c": ""}
    lists = events.alb(query=query, multi_value=True)
    assert lists["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": ["x%20y"], "c": [""]}
    assert "headers" not in lists


@pytest.mark.parametrize(
    "build", [events.rest_api, events.http_api, events.function_url, events.alb]
)
def test_bodies_are_text_base64_or_json(build: type) -> None:
    text = build("post", body="grüezi")
    assert (text["body"], text["isBase64Encoded"]) == ("grüezi", False)
    assert text["headers"]["content-length"] == "7"
    binary = build("POST", body=b"\0\1")
    assert (b64decode(binary["body"]), binary["isBase64Encoded"]) == (b"\0\1", True)
    json_body = build("POST", body={"a": 1})
    assert json.loads(json_body["body"]) == {"a": 1}
    assert json_body["headers"]["content-type"] == "application/json"


def test_absent_parts_of_a_request_are_null_in_rest_and_left_out_in_http() -> None:
    rest, http = events.rest_api(), events.http_api()
    assert (rest["body"], rest["queryStringParameters"]) == (None, None)
    assert not {"body", "queryStringParameters", "cookies"} & http.keys()


def test_headers_given_win_over_those_made_up() -> None:
    event = events.http_api(headers={"Content-Type": "text/csv", "User-Agent": "me"}, body="a,b")
    assert event["headers"]["content-type"] == "text/csv"
    assert event["requestContext"]["http"]["userAgent"] == "me"


def test_the_times_of_an_event_agree() -> None:
    context = events.rest_api()["requestContext"]
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context["requestTime"])
    seconds = context["requestTimeEpoch"] // 1000 % 60
    assert int(context["requestTime"].split(":")[3][:2]) == seconds


def test_unknown_triggers_and_kinds_are_refused_with_those_there_are() -> None:
    with pytest.raises(ValueError, match="no trigger 'x': there are pre-signup"):
        events.user_pool("x")
    with pytest.raises(ValueError, match="no kind 'x': there are item-change"):
        events.config("x")
