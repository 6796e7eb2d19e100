"""Where `lambda-ric invoke` takes the event from: the command line, a file, stdin, a sample."""

from __future__ import annotations

import json
import os
import re
import sys
from argparse import Namespace

from lambda_ric.cli.parser import CommandParser, UsageError

EVENT_HELP = "the event: a file, JSON, or - for standard input"

_LIKE_JSON = re.compile(r"\s*[\[{\"]")


def add_payload_options(parser: CommandParser) -> None:
    """Add the options that choose an event."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("-d", "--data", metavar="JSON", help="the event itself")
    choice.add_argument("-e", "--event", metavar="FILE|JSON|-", help=EVENT_HELP)
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
        from lambda_ric.cli.sample_settings import sample_event

        return json.dumps(sample_event(options.sample, options.assignments)).encode()
    if options.data is not None:
        return _checked(os.fsencode(options.data), "-d")
    return b"{}" if options.event is None else read_event(options.event)


def read_event(text: str) -> bytes:
    """Return the event that `--event` means: a JSON text, a file, or "-" for standard input.

    Raises UsageError for an event that cannot be read or is not JSON.
    """
    if text == "-":
        return _checked(sys.stdin.buffer.read(), "stdin")
    try:
        return _checked(os.fsencode(text), "--event")
    except UsageError as not_json:
        if not text.strip():
            raise UsageError("--event is empty; write {} for an empty event") from None
        try:
            with open(text, "rb") as file:
                content = file.read()
        except (OSError, ValueError) as error:
            if _LIKE_JSON.match(text):
                raise not_json from None
            reason = error.strerror if isinstance(error, OSError) else error
            raise UsageError(f"--event {text!r} is neither JSON nor a file: {reason}") from None
    return _checked(content, text)


def _checked(payload: bytes, origin: str) -> bytes:
    try:
        json.loads(payload)
    except ValueError as error:
        raise UsageError(f"the event from {origin} is not JSON: {error}") from None
    return payload
