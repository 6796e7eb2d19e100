"""Events of S3: notifications, batch operations, Object Lambda.

Shapes: "Event message structure" in the S3 user guide, "S3 Batch Operations: invoking Lambda"
and "Event context format and usage" of Object Lambda in the same guide.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote_plus

from lambda_ric.events.http_request import CLIENT
from lambda_ric.events.identity import (
    ACCOUNT,
    REGION,
    Event,
    arn,
    new_hex,
    new_name,
    new_token,
    new_uuid,
)
from lambda_ric.events.moment import Moment


def s3(
    key: str = "folder/my file.txt",
    *,
    bucket: str = "my-bucket",
    event_name: str = "ObjectCreated:Put",
    size: int = 1024,
) -> Event:
    """Return a notification of S3; the key is URL-encoded in it, with + for a space.

    Args:
        key: The key of the object, not encoded.
        bucket: The name of the bucket.
        event_name: What happened, such as "ObjectCreated:Put" or "ObjectRemoved:Delete". A
            deletion has neither size nor entity tag.
        size: The size of the object in bytes.
    """
    stored = {"size": size, "eTag": new_hex(32)}
    if event_name.startswith("ObjectRemoved"):
        stored = {}
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": Moment().iso,
        "eventName": event_name,
        "userIdentity": {"principalId": f"AWS:AIDA{new_hex(17).upper()}"},
        "requestParameters": {"sourceIPAddress": CLIENT},
        "responseElements": {
            "x-amz-request-id": new_hex(16).upper(),
            "x-amz-id-2": new_token(54),
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": "my-notification",
            "bucket": {
                "name": bucket,
                "ownerIdentity": {"principalId": f"A{new_hex(13).upper()}"},
                "arn": f"arn:aws:s3:::{bucket}",
            },
            "object": {
                "key": quote_plus(key, safe="/"),
                **stored,
                "sequencer": new_hex(18).upper(),
            },
        },
    }
    return {"Records": [record]}


def s3_batch(
    key: str = "folder/my file.txt", *, bucket: str = "my-bucket", arguments: Any = None
) -> Event:
    """Return a task of an S3 batch operation; with `arguments` in schema version 2.0."""
    task: dict[str, Any] = {
        "taskId": new_token(24),
        "s3Key": quote_plus(key, safe="/"),
        "s3VersionId": None,
    }
    job: dict[str, Any] = {"id": new_uuid()}
    version = "1.0"
    if arguments is None:
        task["s3BucketArn"] = f"arn:aws:s3:::{bucket}"
    else:
        task["s3Bucket"] = bucket
        job["userArguments"] = arguments
        version = "2.0"
    return {
        "invocationSchemaVersion": version,
        "invocationId": new_token(40),
        "job": job,
        "tasks": [task],
    }


def s3_object_lambda(
    key: str = "my-file.txt", *, access_point: str = "my-object-lambda", payload: str = ""
) -> Event:
    """Return a GetObject request as S3 Object Lambda sends it."""
    point = f"{access_point}-{ACCOUNT}.s3-object-lambda.{REGION}.amazonaws.com"
    route, token = f"io-use1-{new_name(6)}", new_token(60)
    signed = f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature={new_hex(64)}"
    return {
        "xAmzRequestId": new_uuid(),
        "getObjectContext": {
            "inputS3Url": f"https://my-point-{ACCOUNT}.s3-accesspoint.{REGION}.amazonaws.com"
            f"/{quote_plus(key, safe='/')}?{signed}",
            "outputRoute": route,
            "outputToken": token,
        },
        "configuration": {
            "accessPointArn": arn("s3-object-lambda", f"accesspoint/{access_point}"),
            "supportingAccessPointArn": arn("s3", "accesspoint/my-point"),
            "payload": payload,
        },
        "userRequest": {
            "url": f"https://{point}/{quote_plus(key, safe='/')}",
            "headers": {"Host": point, "Accept-Encoding": "identity"},
        },
        "userIdentity": {
            "type": "IAMUser",
            "principalId": f"AIDA{new_hex(17).upper()}",
            "arn": arn("iam", "user/alice", region=""),
            "accountId": ACCOUNT,
            "accessKeyId": f"AKIA{new_hex(16).upper()}",
            "userName": "alice",
        },
        "protocolVersion": "1.00",
    }
