"""`lambda-ric ecr`: check whether Lambda may use an image, print the policy. Uses no network."""

from __future__ import annotations

import json

from lambda_ric.aws.region import is_region
from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.deploy.finding import Level
from lambda_ric.deploy.image_access import judge_access
from lambda_ric.deploy.image_uri import ImageUri, ImageUriError, is_account, parse_image_uri
from lambda_ric.deploy.repository_policy import repository_policy


def main(arguments: list[str]) -> int:
    """Run `ecr check` or `ecr policy`; 0 yes, 1 Lambda would refuse the image, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    accounts = [options.account] if isinstance(options.account, str) else options.account
    for account in accounts:
        if not is_account(account):
            raise UsageError(f"--account {account}: an AWS account id has 12 digits")
    if options.region is not None and not is_region(options.region):
        raise UsageError(f"--region {options.region}: a region is written like eu-west-1")
    if options.action == "policy":
        print(json.dumps(repository_policy(accounts, options.region), indent=2))
        return 0
    return _check(options.image_uri, options.region, options.account)


def _parser() -> CommandParser:
    parser = CommandParser(prog="lambda-ric ecr", description=__doc__)
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|policy")
    check = actions.add_parser("check", help="report whether Lambda may use an image")
    check.add_argument("image_uri", help="the value of ImageUri")
    check.add_argument("--region", required=True, help="the function's region")
    check.add_argument("--account", required=True, help="the function's account, 12 digits")
    policy = actions.add_parser("policy", help="print the repository policy, as JSON")
    policy.add_argument(
        "--account",
        required=True,
        nargs="+",
        action="extend",
        help="accounts whose functions use it",
    )
    policy.add_argument("--region", help="only for functions in this region")
    return parser


def _check(text: str, region: str, account: str) -> int:
    try:
        image = parse_image_uri(text)
    except ImageUriError as refusal:
        print(f"no: {refusal}\n  fix: {refusal.remedy}\n{_lambda_says(text)}")
        return 1
    print(_parts(image))
    access = judge_access(image, region, account)
    refused = False
    for finding in access.findings:
        refused = refused or finding.level is Level.ERROR
        word = "no" if finding.level is Level.ERROR else "note"
        print(f"{word}: {finding.problem}\n  fix: {finding.remedy}")
    if refused:
        print(_lambda_says(text))
        return 1
    print(f"yes: Lambda in {region}, account {account}, may use it, provided that:")
    for number, need in enumerate(access.needs, 1):
        print(f"{number}. {need}")
    return 0


def _parts(image: ImageUri) -> str:
    parts = [
        f"account {image.account}",
        f"region {image.region}",
        f"partition {image.partition.name}",
        f"repository {image.repository}",
        *([f"tag {image.tag}"] if image.tag else []),
        *([f"digest {image.digest}"] if image.digest else []),
    ]
    return ", ".join(parts)


def _lambda_says(text: str) -> str:
    return f"  Lambda would say: Source image {text} is not valid. Provide a valid source image."
