"""Who may use an image, and what that takes."""

from __future__ import annotations

from lambda_ric.deploy.finding import Level
from lambda_ric.deploy.image_access import judge_access
from lambda_ric.deploy.image_uri import parse_image_uri

OWNER, CONSUMER = "123456789012", "210987654321"
IMAGE = parse_image_uri(f"{OWNER}.dkr.ecr.eu-west-1.amazonaws.com/app/fn:v1")
PINNED = parse_image_uri(f"{OWNER}.dkr.ecr.eu-west-1.amazonaws.com/app/fn@sha256:{'a' * 64}")


def test_the_same_account_and_region_need_one_policy() -> None:
    access = judge_access(PINNED, "eu-west-1", OWNER)
    assert access.findings == []
    (need,) = access.needs
    assert "ecr:SetRepositoryPolicy" in need
    assert f"lambda-ric ecr policy --account {OWNER} --region eu-west-1" in need


def test_another_account_needs_both_sides() -> None:
    access = judge_access(PINNED, "eu-west-1", CONSUMER)
    assert access.findings == []
    owner, deployer, _ = access.needs
    assert owner.startswith(f"In the owner's account {OWNER}")
    assert f"lambda-ric ecr policy --account {CONSUMER}" in owner
    assert deployer.startswith(f"In the function's account {CONSUMER}")
    assert f"arn:aws:ecr:eu-west-1:{OWNER}:repository/app/fn" in deployer


def test_another_region_is_refused_and_told_about_replication() -> None:
    access = judge_access(IMAGE, "eu-central-1", OWNER)
    (finding,) = access.findings
    assert finding.level is Level.ERROR
    assert f"{OWNER}.dkr.ecr.eu-central-1.amazonaws.com/app/fn:v1" in finding.remedy
    assert access.needs == []


def test_another_partition_is_refused_without_talk_of_replication() -> None:
    (finding,) = judge_access(IMAGE, "us-gov-west-1", OWNER).findings
    assert finding.level is Level.ERROR
    assert "aws-us-gov" in finding.problem
    assert "replicat" not in finding.remedy


def test_a_tag_is_allowed_with_a_warning_that_it_is_read_once() -> None:
    (finding,) = judge_access(IMAGE, "eu-west-1", OWNER).findings
    assert finding.level is Level.WARNING
    assert "v1" in finding.problem
