"""Events of EventBridge: any event, a schedule, and S3 events sent through EventBridge.

Shapes: "AWS events reference" in the EventBridge user guide, "Event message structure" for
EventBridge in the S3 user guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambda_ric.events.http_request import CLIENT
from lambda_ric.events.identity import (
    ACCOUNT,
    REGION,
    Event,
    arn,
    new_hex,
    new_uuid,
)
from lambda_ric.events.moment import Moment


def eventbridge(
    detail: Mapping[str, Any] | None = None,
    *,
    detail_type: str = "Order placed",
    source: str = "my.application",
    resources: list[str] | None = None,
) -> Event:
    """Return an event of EventBridge; the detail is an order unless it is given.

    Args:
        detail: The detail of the event.
        detail_type: Its type, which rules match.
        source: The name of the application that sent it.
        resources: The ARNs of the resources that the event is about.
    """
    return {
        "version": "0",
        "id": new_uuid(),
        "detail-type": detail_type,
        "source": source,
        "account": ACCOUNT,
        "time": Moment().iso_seconds,
        "region": REGION,
        "resources": resources or [],
        "detail": dict({"orderId": new_uuid(), "total": 42} if detail is None else detail),
    }


def scheduled(rule: str = "my-schedule") -> Event:
    """Return the event of a scheduled rule."""
    return eventbridge(
        {},
        detail_type="Scheduled Event",
        source="aws.events",
        resources=[arn("events", f"rule/{rule}")],
    )


def s3_through_eventbridge(
    key: str = "folder/my file.txt", *, bucket: str = "my-bucket", size: int = 1024
) -> Event:
    """Return EventBridge's event for the creation of an object: the key is not encoded."""
    detail = {
        "version": "0",
        "bucket": {"name": bucket},
        "object": {
            "key": key,
            "size": size,
            "etag": new_hex(32),
            "sequencer": new_hex(18).upper(),
        },
        "request-id": new_hex(16).upper(),
        "requester": ACCOUNT,
        "source-ip-address": CLIENT,
        "reason": "PutObject",
    }
    return eventbridge(
        detail,
        detail_type="Object Created",
        source="aws.s3",
        resources=[f"arn:aws:s3:::{bucket}"],
    )
