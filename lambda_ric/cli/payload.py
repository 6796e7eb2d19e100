"""Where `lambda-ric invoke` takes the event from: the command line, a file, stdin, a sample."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path

from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.sample_settings import sample_event


def add_payload_options(parser: CommandParser) -> None:
    """Add the options that choose an event."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("-d", "--data", metavar="JSON", help="the event itself")
    choice.add_argument("-e", "--event", metavar="FILE", help="a file with the event; - is stdin")
    choice.add_argument(
        "--sample", metavar="NAME", help="a sample event such as sqs or s3/put (lambda-ric event)"
    )
    parser.add_argument(
        "--set",
        dest="assignments",
        action="append",
        default=[],
        metavar="K=V",
        help="with --sample: a setting (body=hi) or a place (Records.0.body=hi)",
    )


def read_payload(options: Namespace) -> bytes:
    """Return the event that the options choose, {} when they choose none.

    Raises UsageError for an event that cannot be read or is not JSON: Lambda would refuse it too.
    """
    if options.assignments and options.sample is None:
        raise UsageError("--set needs --sample")
    if options.sample is not None:
        return json.dumps(sample_event(options.sample, options.assignments)).encode()
    if options.data is not None:
        return _checked(options.data.encode("utf-8", "surrogateescape"), "-d")
    if options.event == "-":
        return _checked(sys.stdin.buffer.read(), "stdin")
    if options.event is not None:
        return _checked(_read_file(options.event), options.event)
    return b"{}"


def _read_file(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}") from None


def _checked(payload: bytes, origin: str) -> bytes:
    try:
        json.loads(payload)
    except ValueError as error:
        raise UsageError(f"the event from {origin} is not JSON: {error}") from None
    return payload
