"""Events of operations: CodePipeline, CodeCommit, CloudFormation, Secrets Manager.

Shapes: "Invoke a Lambda function in a pipeline" in the CodePipeline user guide, "Lambda trigger"
in the CodeCommit user guide, "Custom resource request objects" in the CloudFormation user guide,
"Rotation by Lambda function" in the Secrets Manager user guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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


def codepipeline(
    parameters: str = "", *, bucket: str = "my-artifacts", key: str = "my-pipeline/source.zip"
) -> Event:
    """Return a job of CodePipeline; `parameters` is the action's UserParameters text."""
    configuration = {"FunctionName": "my-function"}
    if parameters:
        configuration["UserParameters"] = parameters
    return {
        "CodePipeline.job": {
            "id": new_uuid(),
            "accountId": ACCOUNT,
            "data": {
                "actionConfiguration": {"configuration": configuration},
                "inputArtifacts": [_artifact("source", bucket, key)],
                "outputArtifacts": [_artifact("output", bucket, "my-pipeline/output.zip")],
                "artifactCredentials": {
                    "accessKeyId": f"ASIA{new_hex(16).upper()}",
                    "secretAccessKey": new_token(30),
                    "sessionToken": new_token(120),
                    "expirationTime": Moment().milliseconds + 3_600_000,
                },
            },
        }
    }


def codecommit(repository: str = "my-repository", *, branch: str = "main") -> Event:
    """Return a push to a CodeCommit repository."""
    record = {
        "awsRegion": REGION,
        "codecommit": {"references": [{"commit": new_hex(40), "ref": f"refs/heads/{branch}"}]},
        "customData": "",
        "eventId": new_uuid(),
        "eventName": "ReferenceChanges",
        "eventPartNumber": 1,
        "eventSource": "aws:codecommit",
        "eventSourceARN": arn("codecommit", repository),
        "eventTime": Moment().iso[:-1] + "+0000",
        "eventTotalParts": 1,
        "eventTriggerConfigId": new_uuid(),
        "eventTriggerName": "my-trigger",
        "eventVersion": "1.0",
        "userIdentityARN": arn("iam", "user/alice", region=""),
    }
    return {"Records": [record]}


def cloudformation(
    request_type: str = "Create",
    *,
    properties: Mapping[str, Any] | None = None,
    resource: str = "MyResource",
    stack: str = "my-stack",
) -> Event:
    """Return a request about a custom resource: Create, Update or Delete."""
    function = arn("lambda", "function:my-function")
    stack_id = arn("cloudformation", f"stack/{stack}/{new_uuid()}")
    event: Event = {
        "RequestType": request_type,
        "ServiceToken": function,
        "ResponseURL": "https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/"
        f"{new_token(40)}?X-Amz-Signature={new_hex(64)}",
        "StackId": stack_id,
        "RequestId": new_uuid(),
        "LogicalResourceId": resource,
        "ResourceType": f"Custom::{resource}",
        "ResourceProperties": {"ServiceToken": function, **(properties or {"Size": "2"})},
    }
    if request_type != "Create":
        event["PhysicalResourceId"] = f"{stack}-{resource}-{new_name(12)}"
    if request_type == "Update":
        event["OldResourceProperties"] = {"ServiceToken": function, "Size": "1"}
    return event


def secrets_rotation(step: str = "createSecret", *, secret: str = "my-secret") -> Event:
    """Return a step of a rotation: createSecret, setSecret, testSecret or finishSecret."""
    return {
        "Step": step,
        "SecretId": arn("secretsmanager", f"secret:{secret}-{new_name(6)}"),
        "ClientRequestToken": new_uuid(),
        "RotationToken": new_uuid(),
    }


def _artifact(name: str, bucket: str, key: str) -> dict[str, Any]:
    return {
        "name": name,
        "revision": None,
        "location": {"type": "S3", "s3Location": {"bucketName": bucket, "objectKey": key}},
    }
