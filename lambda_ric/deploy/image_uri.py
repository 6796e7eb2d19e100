"""The grammar of the `ImageUri` that Lambda accepts: an image in a private ECR registry.

    ACCOUNT.dkr.ecr.REGION.SUFFIX/REPOSITORY[:TAG][@sha256:DIGEST]

After the ECR user guide (registries, repository names) and the OCI distribution specification
(tags and digests). For any other address, including public registries, Lambda gives the same error:
"Source image … is not valid. Provide a valid source image."
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lambda_ric.aws.region import HOST_SUFFIXES, Partition, is_region, partition_of

_ACCOUNT = re.compile(r"\d{12}")
_HOST = re.compile(
    r"(?P<account>[^.]+)\.dkr\.(?P<service>ecr|ecr-fips)\.(?P<region>[^.]+)\.(?P<suffix>.+)"
)
_REPOSITORY = re.compile(
    r"(?:[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*/)*[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
)
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_REPOSITORY_LENGTH = range(2, 257)


class ImageUriError(ValueError):
    """Lambda does not accept the address; the message says why, and `remedy` what to write."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.remedy = remedy


@dataclass(frozen=True)
class ImageUri:
    """An image in a private ECR registry, by tag, by digest or (the digest rules) by both."""

    account: str
    region: str
    repository: str
    tag: str | None
    digest: str | None

    @property
    def partition(self) -> Partition:
        """The AWS partition that the registry belongs to."""
        return partition_of(self.region)

    @property
    def repository_arn(self) -> str:
        """The repository, as IAM policies name it."""
        registry = f"arn:{self.partition.name}:ecr:{self.region}:{self.account}"
        return f"{registry}:repository/{self.repository}"

    def in_region(self, region: str) -> str:
        """The URI of the image's copy in another region of the same registry."""
        suffix = partition_of(region).host_suffix
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.account}.dkr.ecr.{region}.{suffix}/{self.repository}{tag}{digest}"


def parse_image_uri(text: str) -> ImageUri:
    """Parse an image URI. Raises ImageUriError for a URI that Lambda would not accept."""
    if "://" in text:
        raise ImageUriError("an image URI has no scheme", f"write {text.split('://', 1)[1]}")
    host, slash, path = text.partition("/")
    account, region = _registry(host if slash else "")
    path, at, digest = path.partition("@")
    repository, colon, tag = path.partition(":")
    if at and not _DIGEST.fullmatch(digest):
        raise ImageUriError(
            f"{digest!r} is not a digest",
            "a digest is sha256: and 64 hexadecimal digits in lower case",
        )
    if colon and not _TAG.fullmatch(tag):
        raise ImageUriError(
            f"{tag!r} is not a tag",
            "a tag has up to 128 letters, digits, '_', '.' and '-', and starts with no '.' or '-'",
        )
    if not _REPOSITORY.fullmatch(repository) or len(repository) not in _REPOSITORY_LENGTH:
        raise ImageUriError(
            f"{repository!r} is not the name of an ECR repository",
            "a name has 2 to 256 lower-case letters and digits, parted by '.', '_', '-' or '/'",
        )
    return ImageUri(account, region, repository, tag or None, digest or None)


def _registry(host: str) -> tuple[str, str]:
    """The account and region of a private registry's host name."""
    if host == "public.ecr.aws":
        raise ImageUriError(
            "it is in ECR's public registry, and Lambda takes images from private ones only",
            "push it to a private repository in the function's region",
        )
    match = _HOST.fullmatch(host)
    if match is None:
        raise ImageUriError(
            "it is not in a private ECR registry, and Lambda takes images from nowhere else",
            "push it to ECR and write ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG",
        )
    account, region = match["account"], match["region"]
    if not _ACCOUNT.fullmatch(account):
        raise ImageUriError(f"{account!r} is not an AWS account", "an account id has 12 digits")
    if not is_region(region):
        raise ImageUriError(f"{region!r} is not a region", "a region is written like eu-west-1")
    expected = partition_of(region).host_suffix
    if match["suffix"] != expected:
        known = "belongs to other regions" if match["suffix"] in HOST_SUFFIXES else "is not ECR's"
        raise ImageUriError(
            f"the host name ends in {match['suffix']}, which {known}",
            f"registries in {region} end in {expected}",
        )
    if match["service"] == "ecr-fips":
        raise ImageUriError(
            "Lambda refuses the FIPS host name of a registry",
            f"write {account}.dkr.ecr.{region}.{expected}",
        )
    return account, region


def is_account(word: str) -> bool:
    """Whether the word has the form of an AWS account id: 12 digits."""
    return _ACCOUNT.fullmatch(word) is not None
