"""Events of message brokers: Kafka (Amazon MSK and self-managed), ActiveMQ, RabbitMQ.

Shapes: "Using Lambda with Amazon MSK", "… self-managed Apache Kafka" and "… Amazon MQ" in the
Lambda developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambda_ric.events.identity import REGION, Event, arn, new_hex, new_name, new_uuid
from lambda_ric.events.moment import Moment
from lambda_ric.events.streams import as_bytes, encode


def kafka(
    value: Any = "Hello from Kafka",
    *more: Any,
    topic: str = "my-topic",
    key: str = "key-1",
    headers: Mapping[str, str] | None = None,
    self_managed: bool = False,
) -> Event:
    """Return Kafka records of partition 0, one for each value: bytes, text, or a value as JSON.

    Args:
        value: The value of the first record.
        more: The values of further records.
        topic: The name of the topic.
        key: The key of all records.
        headers: The headers of all records.
        self_managed: Whether the cluster is self-managed rather than Amazon MSK.
    """
    now, cluster = Moment(), new_name(6)
    host = f"{cluster}.c1.kafka.{REGION}.amazonaws.com"
    event: Event = {"eventSource": "SelfManagedKafka" if self_managed else "aws:kafka"}
    if not self_managed:
        event["eventSourceArn"] = arn("kafka", f"cluster/my-cluster/{new_uuid()}")
    event["bootstrapServers"] = f"b-1.{host}:9092,b-2.{host}:9092"
    event["records"] = {
        f"{topic}-0": [
            {
                "topic": topic,
                "partition": 0,
                "offset": 15 + index,
                "timestamp": now.milliseconds,
                "timestampType": "CREATE_TIME",
                "key": encode(key),
                "value": encode(content),
                "headers": [{n: list(v.encode())} for n, v in (headers or {}).items()],
            }
            for index, content in enumerate((value, *more))
        ]
    }
    return event


def active_mq(message: Any = "Hello from ActiveMQ", *, queue: str = "my-queue") -> Event:
    """Return a text message of an ActiveMQ broker."""
    now, broker = Moment(), f"b-{new_uuid()}"
    connection = f"ID:{broker}-{new_hex(8)}"
    record = {
        "messageID": f"{connection}:1:1:1:1",
        "messageType": "jms/text-message",
        "deliveryMode": 1,
        "replyTo": None,
        "type": None,
        "expiration": 0,
        "priority": 4,
        "correlationId": "",
        "redelivered": False,
        "destination": {"physicalName": queue},
        "data": encode(message),
        "timestamp": now.milliseconds,
        "brokerInTime": now.milliseconds,
        "brokerOutTime": now.milliseconds + 1,
        "properties": {},
        "connectionId": connection,
    }
    return {
        "eventSource": "aws:mq",
        "eventSourceArn": arn("mq", f"broker:my-broker:{broker}"),
        "messages": [record],
    }


def rabbit_mq(message: Any = "Hello from RabbitMQ", *, queue: str = "my-queue") -> Event:
    """Return a message of a RabbitMQ broker."""
    record = {
        "basicProperties": {
            "contentType": "text/plain",
            "contentEncoding": None,
            "headers": {},
            "deliveryMode": 1,
            "priority": None,
            "correlationId": None,
            "replyTo": None,
            "expiration": "60000",
            "messageId": None,
            "timestamp": None,
            "type": None,
            "userId": "alice",
            "appId": None,
            "clusterId": None,
            "bodySize": len(as_bytes(message)),
        },
        "redelivered": False,
        "data": encode(message),
    }
    return {
        "eventSource": "aws:rmq",
        "eventSourceArn": arn("mq", f"broker:my-broker:b-{new_uuid()}"),
        "rmqMessagesByQueue": {f"{queue}::/": [record]},
    }
