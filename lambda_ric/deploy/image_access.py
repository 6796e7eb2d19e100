"""Whether Lambda in a region and account may use an image, and the permissions it needs."""

from __future__ import annotations

from dataclasses import dataclass

from lambda_ric.aws.region import partition_of
from lambda_ric.deploy.finding import Finding, error, warning
from lambda_ric.deploy.image_uri import ImageUri


@dataclass(frozen=True)
class Access:
    """The answer: `findings` with an error mean no; `needs` must hold for a yes to come true."""

    findings: list[Finding]
    needs: list[str]


def judge_access(image: ImageUri, region: str, account: str) -> Access:
    """Return whether a function in this region and account can use the image.

    Lambda uses images only from its own region, and from another account only if both allow it.
    """
    findings = _wrong_place(image, region)
    if findings:
        return Access(findings, [])
    if image.digest is None:
        findings.append(_moving_target(image))
    needs = _same_account(image) if image.account == account else _other_account(image, account)
    return Access(findings, needs)


def _wrong_place(image: ImageUri, region: str) -> list[Finding]:
    if image.region == region:
        return []
    target = partition_of(region)
    if image.partition != target:
        return [
            error(
                f"the image is in the partition {image.partition.name}, the function in "
                f"{target.name}: nothing passes from one to the other",
                f"push the image to a registry in {region} with credentials of {target.name}",
            )
        ]
    return [
        error(
            f"the image is in {image.region}, the function in {region}, and Lambda takes images "
            "of its own region only",
            f"replicate the repository to {region} (aws ecr put-replication-configuration), "
            f"and use {image.in_region(region)}",
        )
    ]


def _moving_target(image: ImageUri) -> Finding:
    tag = f"the tag {image.tag}" if image.tag else "no tag, so 'latest' is meant"
    return warning(
        f"the image is named by {tag}; Lambda resolves it to a digest once, when you deploy",
        "after pushing the tag again, call UpdateFunctionCode; or deploy by digest, which "
        "CloudFormation sees as a change",
    )


def _same_account(image: ImageUri) -> list[str]:
    return [
        f"The repository's policy lets lambda.amazonaws.com pull. Lambda adds that itself if the "
        f"deployer may call ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy on "
        f"{image.repository_arn}; otherwise set it beforehand (it replaces the existing "
        f"policy):\n{_set_policy(image, image.account)}",
    ]


def _other_account(image: ImageUri, account: str) -> list[str]:
    return [
        f"In the owner's account {image.account}, the repository's policy lets account {account} "
        f"and the Lambda service pull (Lambda adds nothing across accounts). Set it (it replaces "
        f"the existing policy), and keep it for as long as functions use the image:\n"
        + _set_policy(image, account),
        f"In the function's account {account}, the deployer needs ecr:BatchGetImage and "
        f"ecr:GetDownloadUrlForLayer on {image.repository_arn}.",
        "If the repository is encrypted with a customer managed key, the key's policy lets them "
        "decrypt with it.",
    ]


def _set_policy(image: ImageUri, account: str) -> str:
    return (
        f"  lambda-ric ecr policy --account {account} --region {image.region} |\n"
        f"  aws ecr set-repository-policy --region {image.region} "
        f"--repository-name {image.repository} --policy-text file:///dev/stdin"
    )
