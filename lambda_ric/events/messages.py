"""Events of queues and topics: SQS, SNS, and SNS through SQS.

Shapes: "Using Lambda with Amazon SQS" and "Using Lambda with Amazon SNS" in the Lambda developer
guide; the checksums as "Calculating the MD5 message digest for message attributes" in the SQS
developer guide has them.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from lambda_ric.events.identity import (
    REGION,
    Event,
    arn,
    new_digits,
    new_hex,
    new_token,
    new_uuid,
)
from lambda_ric.events.moment import Moment

Attribute = str | bytes | int | float
"""Value of a message attribute: text, binary or a number."""

_LAMBDA_URL, _QUEUE_URL = "Url", "URL"
"""How SNS spells the end of two field names: for functions, and in the JSON for queues."""


def sqs(
    body: Any = "Hello from SQS",
    *more: Any,
    queue: str = "my-queue",
    attributes: Mapping[str, Attribute] | None = None,
    fifo: bool = False,
    group: str = "group-1",
) -> Event:
    """Return a batch of SQS messages, one for each body; other values than text become JSON.

    Args:
        body: The body of the first message.
        more: The bodies of further messages.
        queue: The name of the queue, in the ARN of the event source.
        attributes: The message attributes, which all messages get.
        fifo: Whether it is a FIFO queue. Its messages come in order from one message group. Their
            deduplication id is the SHA-256 of the body, as with content-based deduplication.
        group: The message group of a FIFO queue.
    """
    name = f"{queue}.fifo" if fifo and not queue.endswith(".fifo") else queue
    now = Moment()
    first = int(new_digits(20))
    records = []
    for index, content in enumerate((body, *more)):
        text = content if isinstance(content, str) else json.dumps(content)
        record = _sqs_record(text, name, now, attributes or {})
        if fifo:
            record["attributes"] |= {
                "SequenceNumber": str(first + index * 256),
                "MessageGroupId": group,
                "MessageDeduplicationId": hashlib.sha256(text.encode()).hexdigest(),
            }
        records.append(record)
    return {"Records": records}


def sns(
    message: Any = "Hello from SNS",
    *more: Any,
    subject: str = "Greeting",
    topic: str = "my-topic",
    attributes: Mapping[str, Attribute] | None = None,
) -> Event:
    """Return SNS notifications, one for each message; other values than text become JSON.

    Args:
        message: The first message.
        more: Further messages.
        subject: The subject of all messages.
        topic: The name of the topic, in its ARN.
        attributes: The message attributes, which all messages get.
    """
    return {
        "Records": [
            {
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": f"{arn('sns', topic)}:{new_uuid()}",
                "Sns": _notification(text, subject, topic, attributes or {}, _LAMBDA_URL),
            }
            for text in (message, *more)
        ]
    }


def sns_in_sqs(
    message: Any = "Hello from SNS", *, subject: str = "Greeting", topic: str = "my-topic"
) -> Event:
    """Return an SQS message whose body is an SNS notification (without raw delivery)."""
    return sqs(_notification(message, subject, topic, {}, _QUEUE_URL))


def body_checksum(body: str) -> str:
    """Return the `md5OfBody` of a message."""
    return hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()


def attributes_checksum(attributes: Mapping[str, Attribute]) -> str:
    """Return the `md5OfMessageAttributes` of a message.

    The digest is over name, type and value of the attributes in the order of their names, each
    with its length in four bytes, big endian; a value has a byte before it: 1 text, 2 binary.
    """
    digest = hashlib.md5(usedforsecurity=False)
    for name in sorted(attributes):
        value = attributes[name]
        binary = isinstance(value, bytes)
        for part in (name.encode(), _data_type(value).encode()):
            digest.update(len(part).to_bytes(4, "big") + part)
        content = value if isinstance(value, bytes) else str(value).encode()
        digest.update(b"\x02" if binary else b"\x01")
        digest.update(len(content).to_bytes(4, "big") + content)
    return digest.hexdigest()


def _sqs_record(
    body: str, queue: str, now: Moment, attributes: Mapping[str, Attribute]
) -> dict[str, Any]:
    record = {
        "messageId": new_uuid(),
        "receiptHandle": new_token(96),
        "body": body,
        "attributes": {
            "ApproximateReceiveCount": "1",
            "SentTimestamp": str(now.milliseconds),
            "SenderId": f"AROA{new_hex(17).upper()}:sender",
            "ApproximateFirstReceiveTimestamp": str(now.milliseconds + 7),
        },
        "messageAttributes": {name: _sqs_attribute(v) for name, v in attributes.items()},
        "md5OfBody": body_checksum(body),
        "eventSource": "aws:sqs",
        "eventSourceARN": arn("sqs", queue),
        "awsRegion": REGION,
    }
    if attributes:
        record["md5OfMessageAttributes"] = attributes_checksum(attributes)
    return record


def _sqs_attribute(value: Attribute) -> dict[str, Any]:
    empty: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    if isinstance(value, bytes):
        return {"binaryValue": b64encode(value).decode(), **empty, "dataType": "Binary"}
    return {"stringValue": str(value), **empty, "dataType": _data_type(value)}


def _notification(
    message: Any, subject: str, topic: str, attributes: Mapping[str, Attribute], url: str
) -> dict[str, Any]:
    service = f"https://sns.{REGION}.amazonaws.com"
    subscription = f"{arn('sns', topic)}:{new_uuid()}"
    notification: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": new_uuid(),
        "TopicArn": arn("sns", topic),
        "Subject": subject,
        "Message": message if isinstance(message, str) else json.dumps(message),
        "Timestamp": Moment().iso,
        "SignatureVersion": "1",
        "Signature": new_token(192),
        f"SigningCert{url}": f"{service}/SimpleNotificationService-{new_hex(32)}.pem",
        f"Unsubscribe{url}": f"{service}/?Action=Unsubscribe&SubscriptionArn={subscription}",
    }
    if attributes or url == _LAMBDA_URL:
        notification["MessageAttributes"] = {n: _sns_attribute(v) for n, v in attributes.items()}
    return notification


def _sns_attribute(value: Attribute) -> dict[str, str]:
    text = b64encode(value).decode() if isinstance(value, bytes) else str(value)
    return {"Type": _data_type(value), "Value": text}


def _data_type(value: Attribute) -> str:
    if isinstance(value, bytes):
        return "Binary"
    return "String" if isinstance(value, str) else "Number"
