"""Events of streams: Kinesis, Firehose, DynamoDB.

Shapes: "Using Lambda with Kinesis", "Using Lambda with DynamoDB" in the Lambda developer guide,
"Transform source data" in the Firehose developer guide.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from lambda_ric.events.identity import (
    ACCOUNT,
    REGION,
    Event,
    arn,
    new_digits,
    new_hex,
    new_uuid,
)
from lambda_ric.events.moment import Moment

_SHARD = "shardId-000000000000"


def kinesis(
    data: Any = "Hello from Kinesis",
    *more: Any,
    stream: str = "my-stream",
    partition_key: str = "key-1",
) -> Event:
    """Return Kinesis records, one for each datum: bytes, text, or any other value as JSON.

    Args:
        data: The data of the first record.
        more: The data of further records.
        stream: The name of the stream, in the ARN of the event source.
        partition_key: The partition key of all records.
    """
    now, first = Moment(), int(new_digits(56))
    records = []
    for index, datum in enumerate((data, *more)):
        sequence = str(first + index)
        records.append(
            {
                "kinesis": {
                    "kinesisSchemaVersion": "1.0",
                    "partitionKey": partition_key,
                    "sequenceNumber": sequence,
                    "data": encode(datum),
                    "approximateArrivalTimestamp": now.seconds,
                },
                "eventSource": "aws:kinesis",
                "eventVersion": "1.0",
                "eventID": f"{_SHARD}:{sequence}",
                "eventName": "aws:kinesis:record",
                "invokeIdentityArn": arn("iam", "role/lambda-role", region=""),
                "awsRegion": REGION,
                "eventSourceARN": arn("kinesis", f"stream/{stream}"),
            }
        )
    return {"Records": records}


def firehose(
    data: Any = "Hello from Firehose",
    *more: Any,
    stream: str = "my-delivery-stream",
    from_kinesis: bool = False,
) -> Event:
    """Return records to be transformed for Firehose, with their origin when it is Kinesis."""
    now = Moment()
    event: Event = {
        "invocationId": new_uuid(),
        "deliveryStreamArn": arn("firehose", f"deliverystream/{stream}"),
        "region": REGION,
    }
    if from_kinesis:
        event["sourceKinesisStreamArn"] = arn("kinesis", "stream/my-stream")
    event["records"] = [_firehose_record(datum, now, from_kinesis) for datum in (data, *more)]
    return event


def dynamodb(
    new: Mapping[str, Any] | None = None,
    old: Mapping[str, Any] | None = None,
    *,
    event_name: str = "INSERT",
    table: str = "my-table",
    key: str = "id",
) -> Event:
    """Return one change of a DynamoDB table, with the new and old images that belong to it.

    Args:
        new: The item after the change, in plain Python values.
        old: The item before the change, in plain Python values.
        event_name: "INSERT", "MODIFY" or "REMOVE".
        table: The name of the table, in the ARN of the event source.
        key: The attribute that is the partition key.
    """
    now = Moment()
    new_image = dict(new or {"id": 101, "message": "new item"})
    old_image = dict(old or {**new_image, "message": "old item"})
    images = {}
    if event_name != "REMOVE":
        images["NewImage"] = attributes(new_image)
    if event_name != "INSERT":
        images["OldImage"] = attributes(old_image)
    keys = attributes({key: (old_image if event_name == "REMOVE" else new_image)[key]})
    stream = f"table/{table}/stream/{now.earlier(86_400).iso[:-1]}"
    record = {
        "eventID": new_hex(32),
        "eventName": event_name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": {
            "ApproximateCreationDateTime": now.milliseconds // 1000,
            "Keys": keys,
            **images,
            "SequenceNumber": new_digits(24),
            "SizeBytes": len(json.dumps([keys, images])),
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": arn("dynamodb", stream),
    }
    return {"Records": [record]}


def attributes(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item with each value as DynamoDB writes it, such as {"N": "101"}.

    Raises TypeError for a value without a DynamoDB type.
    """
    return {name: _attribute(value) for name, value in item.items()}


def encode(data: Any) -> str:
    """Return base64 of the bytes that `as_bytes` makes of a value."""
    return b64encode(as_bytes(data)).decode()


def as_bytes(data: Any) -> bytes:
    """Return bytes as they are, text as UTF-8, and any other value as JSON."""
    if isinstance(data, bytes):
        return data
    return (data if isinstance(data, str) else json.dumps(data)).encode()


def _firehose_record(datum: Any, now: Moment, from_kinesis: bool) -> dict[str, Any]:
    record = {
        "recordId": new_digits(56) + "000000",
        "approximateArrivalTimestamp": now.milliseconds,
        "data": encode(datum),
    }
    if from_kinesis:
        record["kinesisRecordMetadata"] = {
            "sequenceNumber": new_digits(56),
            "subsequenceNumber": 0,
            "partitionKey": f"key-{ACCOUNT[-4:]}",
            "shardId": _SHARD,
            "approximateArrivalTimestamp": now.milliseconds,
        }
    return record


def _attribute(value: Any) -> dict[str, Any]:
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float)):
        return {"N": str(value)}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, bytes):
        return {"B": b64encode(value).decode()}
    if isinstance(value, Mapping):
        return {"M": attributes(value)}
    if isinstance(value, (list, tuple)):
        return {"L": [_attribute(element) for element in value]}
    if isinstance(value, (set, frozenset)) and value:
        return _set(value)
    raise TypeError(f"DynamoDB has no type for {value!r}")


def _set(values: set[Any] | frozenset[Any]) -> dict[str, Any]:
    kinds = {next(iter(_attribute(value))) for value in values}
    if len(kinds) != 1 or not kinds <= {"S", "N", "B"}:
        raise TypeError(f"DynamoDB has no type for {values!r}")
    kind = kinds.pop()
    return {f"{kind}S": sorted(_attribute(value)[kind] for value in values)}
