"""The option `--endpoint` of the commands that talk to an emulator, or to another local Lambda."""

from __future__ import annotations

import argparse
import os

from lambda_ric.caller.default_endpoint import DEFAULT_ENDPOINT
from lambda_ric.cli.parser import UsageError


def add_endpoint_option(parser: argparse.ArgumentParser) -> None:
    """Declare the option, with the default that the AWS SDKs would take too."""
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        default=os.environ.get("AWS_ENDPOINT_URL_LAMBDA") or DEFAULT_ENDPOINT,
        help=f"default: AWS_ENDPOINT_URL_LAMBDA, else {DEFAULT_ENDPOINT}",
    )


def needs_local(missing: ImportError) -> UsageError:
    """Return the error for a package that only the extra `local` brings."""
    return UsageError(f"needs the package {missing.name}: pip install 'lambda-ric[local]'")
