"""Events of rules: Config rules, IoT rules, SES receipt rules.

Shapes: "Example events for AWS Config rules" in the Config developer guide, "Lambda rule action"
in the IoT Core developer guide, "Contents of the event of a Lambda action" in the SES developer
guide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lambda_ric.events.identity import (
    ACCOUNT,
    REGION,
    Event,
    arn,
    new_digits,
    new_hex,
    new_name,
    new_token,
)
from lambda_ric.events.moment import Moment

CONFIG_MESSAGES = {
    "item-change": "ConfigurationItemChangeNotification",
    "oversized-item-change": "OversizedConfigurationItemChangeNotification",
    "periodic": "ScheduledNotification",
}
"""The kinds that `config` accepts, and the message types of AWS Config for them."""


def config(
    kind: str = "item-change",
    *,
    rule: str = "my-rule",
    parameters: Mapping[str, str] | None = None,
) -> Event:
    """Return the event of an AWS Config custom rule; `kind` is a key of CONFIG_MESSAGES.

    The invoking event is JSON in a string, as are the rule's parameters.
    Raises ValueError for any other kind.
    """
    if kind not in CONFIG_MESSAGES:
        raise ValueError(f"no kind {kind!r}: there are {', '.join(CONFIG_MESSAGES)}")
    now = Moment()
    invoking: dict[str, Any] = {"messageType": CONFIG_MESSAGES[kind], "recordVersion": "1.3"}
    if kind == "item-change":
        invoking["configurationItemDiff"] = {"changeType": "CREATE", "changedProperties": {}}
        invoking["configurationItem"] = _bucket(now)
    elif kind == "oversized-item-change":
        summary = _bucket(now) | {"changeType": "UPDATE"}
        for name in ("configuration", "relationships", "tags", "relatedEvents"):
            del summary[name]
        invoking["configurationItemSummary"] = summary
    else:
        invoking["awsAccountId"] = ACCOUNT
    invoking["notificationCreationTime"] = now.iso
    rule_id = f"config-rule-{new_name(6)}"
    return {
        "version": "1.0",
        "invokingEvent": json.dumps(invoking),
        "ruleParameters": json.dumps(dict(parameters or {})),
        "resultToken": new_token(60),
        "eventLeftScope": False,
        "executionRoleArn": arn("iam", "role/config-role", region=""),
        "configRuleArn": arn("config", f"config-rule/{rule_id}"),
        "configRuleName": rule,
        "configRuleId": rule_id,
        "accountId": ACCOUNT,
        "evaluationMode": "DETECTIVE",
    }


def iot(message: Mapping[str, Any] | None = None, *, topic: str = "sensors/kitchen") -> Event:
    """Return a message as `SELECT *, topic() AS topic, timestamp() AS timestamp` sends it."""
    return {
        **(message or {"device": "kitchen-1", "temperature": 21.5}),
        "topic": topic,
        "timestamp": Moment().milliseconds,
    }


def iot_thing(name: str = "kitchen-1", *, operation: str = "CREATED") -> Event:
    """Return a registry event of IoT Core: a thing was CREATED, UPDATED or DELETED."""
    return {
        "eventType": "THING_EVENT",
        "eventId": new_hex(32),
        "timestamp": Moment().milliseconds,
        "operation": operation,
        "accountId": ACCOUNT,
        "thingId": new_hex(32),
        "thingName": name,
        "versionNumber": 1,
        "thingTypeName": None,
        "attributes": {"room": "kitchen"},
    }


def ses(
    subject: str = "Hello from SES",
    *,
    sender: str = "alice@example.com",
    recipient: str = "bob@example.com",
) -> Event:
    """Return a received mail; the body is not in the event, SES stores it elsewhere."""
    now, message_id = Moment(), new_name(40)
    headers = {
        "Return-Path": f"<{sender}>",
        "From": sender,
        "To": recipient,
        "Date": now.mail_date,
        "Message-ID": f"<{new_token(16)}@example.com>",
        "Subject": subject,
    }
    passed = ("spamVerdict", "virusVerdict", "spfVerdict", "dkimVerdict", "dmarcVerdict")
    mail = {
        "timestamp": now.iso,
        "source": sender,
        "messageId": message_id,
        "destination": [recipient],
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in headers.items()],
        "commonHeaders": {
            "returnPath": sender,
            "from": [sender],
            "date": headers["Date"],
            "to": [recipient],
            "messageId": headers["Message-ID"],
            "subject": subject,
        },
    }
    receipt = {
        "timestamp": now.iso,
        "processingTimeMillis": 574,
        "recipients": [recipient],
        **{verdict: {"status": "PASS"} for verdict in passed},
        "action": {
            "type": "Lambda",
            "functionArn": arn("lambda", "function:my-function"),
            "invocationType": "Event",
        },
    }
    record = {
        "eventSource": "aws:ses",
        "eventVersion": "1.0",
        "ses": {"mail": mail, "receipt": receipt},
    }
    return {"Records": [record]}


def _bucket(now: Moment) -> dict[str, Any]:
    return {
        "relatedEvents": [],
        "relationships": [],
        "configuration": {"name": "my-bucket"},
        "tags": {},
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": now.iso,
        "configurationStateId": int(new_digits(13)),
        "awsAccountId": ACCOUNT,
        "configurationItemStatus": "ResourceDiscovered",
        "resourceType": "AWS::S3::Bucket",
        "resourceId": "my-bucket",
        "resourceName": "my-bucket",
        "ARN": "arn:aws:s3:::my-bucket",
        "awsRegion": REGION,
        "availabilityZone": "Regional",
        "configurationStateMd5Hash": "",
        "resourceCreationTime": now.iso,
    }
