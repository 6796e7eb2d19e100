"""The repository policy has the two statements that Lambda's documentation asks for."""

from __future__ import annotations

import json

from lambda_ric.deploy.repository_policy import repository_policy

PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]


def test_both_statements_name_every_account() -> None:
    accounts, service = repository_policy(["111111111111", "222222222222"], "eu-west-1")[
        "Statement"
    ]
    assert accounts["Principal"] == {
        "AWS": ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:root"]
    }
    assert service["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert service["Condition"] == {
        "StringLike": {
            "aws:sourceARN": [
                "arn:aws:lambda:eu-west-1:111111111111:function:*",
                "arn:aws:lambda:eu-west-1:222222222222:function:*",
            ]
        }
    }
    assert accounts["Action"] == service["Action"] == PULL


def test_without_a_region_every_region_of_the_commercial_partition_is_meant() -> None:
    _, service = repository_policy(["111111111111"])["Statement"]
    arns = service["Condition"]["StringLike"]["aws:sourceARN"]
    assert arns == ["arn:aws:lambda:*:111111111111:function:*"]


def test_other_partitions_have_their_own_arns() -> None:
    for region, partition in (("cn-north-1", "aws-cn"), ("us-gov-east-1", "aws-us-gov")):
        accounts, service = repository_policy(["111111111111"], region)["Statement"]
        assert accounts["Principal"]["AWS"] == [f"arn:{partition}:iam::111111111111:root"]
        arns = service["Condition"]["StringLike"]["aws:sourceARN"]
        assert arns == [f"arn:{partition}:lambda:{region}:111111111111:function:*"]


def test_no_statement_names_a_resource_because_the_repository_is_it() -> None:
    policy = repository_policy(["111111111111"], "eu-west-1")
    assert all("Resource" not in statement for statement in policy["Statement"])
    assert json.loads(json.dumps(policy)) == policy
