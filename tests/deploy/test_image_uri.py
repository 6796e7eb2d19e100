"""The grammar of ImageUri, good and bad, in every partition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.deploy.image_uri import ImageUri, ImageUriError, parse_image_uri

DIGEST = "sha256:" + "0123456789abcdef" * 4
HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"


def test_a_uri_is_taken_apart() -> None:
    uri = parse_image_uri(f"{HOST}/team/app_fn.v2:1.0-rc_1@{DIGEST}")
    assert uri == ImageUri("123456789012", "eu-west-1", "team/app_fn.v2", "1.0-rc_1", DIGEST)
    assert uri.repository_arn == "arn:aws:ecr:eu-west-1:123456789012:repository/team/app_fn.v2"


@pytest.mark.parametrize(
    ("region", "suffix", "partition"),
    [
        ("us-east-1", "amazonaws.com", "aws"),
        ("cn-north-1", "amazonaws.com.cn", "aws-cn"),
        ("cn-northwest-1", "amazonaws.com.cn", "aws-cn"),
        ("us-gov-west-1", "amazonaws.com", "aws-us-gov"),
        ("eusc-de-east-1", "amazonaws.eu", "aws-eusc"),
        ("us-iso-east-1", "c2s.ic.gov", "aws-iso"),
        ("us-isob-east-1", "sc2s.sgov.gov", "aws-iso-b"),
        ("eu-isoe-west-1", "cloud.adc-e.uk", "aws-iso-e"),
        ("us-isof-south-1", "csp.hci.ic.gov", "aws-iso-f"),
    ],
)
def test_every_partition_has_its_host_names(region: str, suffix: str, partition: str) -> None:
    uri = parse_image_uri(f"123456789012.dkr.ecr.{region}.{suffix}/fn:v1")
    assert uri.partition.name == partition
    assert uri.repository_arn.startswith(f"arn:{partition}:ecr:{region}:")


@pytest.mark.parametrize(
    ("uri", "problem"),
    [
        (f"https://{HOST}/fn:v1", "no scheme"),
        ("public.ecr.aws/lambda/python:3.13", "public registry"),
        ("fn:v1", "not in a private ECR registry"),
        ("docker.io/library/python:3.13", "not in a private ECR registry"),
        ("", "not in a private ECR registry"),
        ("12345678901.dkr.ecr.eu-west-1.amazonaws.com/fn:v1", "not an AWS account"),
        ("12345678901x.dkr.ecr.eu-west-1.amazonaws.com/fn:v1", "not an AWS account"),
        ("123456789012.dkr.ecr.europe.amazonaws.com/fn:v1", "not a region"),
        ("123456789012.dkr.ecr.cn-north-1.amazonaws.com/fn:v1", "amazonaws.com"),
        ("123456789012.dkr.ecr.eu-west-1.example.com/fn:v1", "is not ECR's"),
        ("123456789012.dkr.ecr-fips.us-east-1.amazonaws.com/fn:v1", "FIPS"),
        (f"{HOST}/Fn:v1", "not the name of an ECR repository"),
        (f"{HOST}/f:v1", "not the name of an ECR repository"),
        (f"{HOST}/a//b:v1", "not the name of an ECR repository"),
        (f"{HOST}/a___b:v1", "not the name of an ECR repository"),
        (f"{HOST}/{'a' * 257}:v1", "not the name of an ECR repository"),
        (f"{HOST}/:v1", "not the name of an ECR repository"),
        (f"{HOST}/fn:", "not a tag"),
        (f"{HOST}/fn:.v1", "not a tag"),
        (f"{HOST}/fn:{'v' * 129}", "not a tag"),
        (f"{HOST}/fn@sha256:beef", "not a digest"),
        (f"{HOST}/fn@{DIGEST.upper()}", "not a digest"),
        (f"{HOST}/fn:v1\n", "not a tag"),
    ],
)
def test_a_uri_that_lambda_rejects_is_refused_with_a_remedy(uri: str, problem: str) -> None:
    with pytest.raises(ImageUriError) as refusal:
        parse_image_uri(uri)
    assert problem in str(refusal.value)
    assert refusal.value.remedy


@pytest.mark.slow
@given(st.text(max_size=80))
def test_any_text_is_either_a_uri_or_refused(text: str) -> None:
    for candidate in (text, f"{HOST}/{text}"):
        try:
            uri = parse_image_uri(candidate)
        except ImageUriError:
            continue
        assert uri.in_region(uri.region) == candidate


def test_the_copy_in_another_region_has_that_regions_host() -> None:
    uri = parse_image_uri(f"{HOST}/app/fn:v1@{DIGEST}")
    assert uri.in_region("us-east-2") == (
        f"123456789012.dkr.ecr.us-east-2.amazonaws.com/app/fn:v1@{DIGEST}"
    )
