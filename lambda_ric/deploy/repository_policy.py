"""The policy that lets Lambda functions use the images of an ECR repository.

It is attached to the repository (`aws ecr set-repository-policy`, or `RepositoryPolicyText` of
`AWS::ECR::Repository`). After the Lambda developer guide, "Amazon ECR permissions".
"""

from __future__ import annotations

from typing import Any

from lambda_ric.aws.region import COMMERCIAL, partition_of

PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
"""The two actions of a pull."""


def repository_policy(accounts: list[str], region: str | None = None) -> dict[str, Any]:
    """The policy for functions of these accounts, in one region or in any of the same partition.

    The first statement lets the accounts' deployers create and update functions. The second lets
    the Lambda service fetch the image again later, when a function wakes after a long idle time:
    without it a deployment succeeds and the function fails weeks afterwards.
    """
    partition = partition_of(region).name if region else COMMERCIAL.name
    callers = [f"arn:{partition}:iam::{account}:root" for account in accounts]
    functions = [
        f"arn:{partition}:lambda:{region or '*'}:{account}:function:*" for account in accounts
    ]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "CrossAccountPermission",
                "Effect": "Allow",
                "Principal": {"AWS": callers},
                "Action": PULL,
            },
            {
                "Sid": "LambdaECRImageCrossAccountRetrievalPolicy",
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": PULL,
                "Condition": {"StringLike": {"aws:sourceARN": functions}},
            },
        ],
    }
