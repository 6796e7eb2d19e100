"""Regions belong to partitions, which stand in every ARN."""

from __future__ import annotations

import pytest

from lambda_ric.aws.region import is_region, partition_of
from lambda_ric.emulator import FunctionConfig
from lambda_ric.events.identity import arn

PARTITIONS = {
    "eu-west-1": "aws",
    "cn-north-1": "aws-cn",
    "us-gov-west-1": "aws-us-gov",
    "eusc-de-east-1": "aws-eusc",
    "us-iso-east-1": "aws-iso",
    "us-isob-east-1": "aws-iso-b",
}
by_region = pytest.mark.parametrize(("region", "partition"), PARTITIONS.items())


@by_region
def test_a_region_belongs_to_a_partition(region: str, partition: str) -> None:
    assert is_region(region)
    assert partition_of(region).name == partition


@by_region
def test_a_function_has_the_partition_of_its_region(region: str, partition: str) -> None:
    config = FunctionConfig(name="f", environment={"AWS_REGION": region})
    assert config.arn() == f"arn:{partition}:lambda:{region}:012345678912:function:f"


@by_region
def test_a_sample_event_has_the_partition_of_its_region(region: str, partition: str) -> None:
    assert arn("sqs", "q", region=region) == f"arn:{partition}:sqs:{region}:123456789012:q"


def test_a_resource_without_a_region_is_in_the_commercial_partition() -> None:
    assert arn("iam", "role/r", region="") == "arn:aws:iam::123456789012:role/r"
