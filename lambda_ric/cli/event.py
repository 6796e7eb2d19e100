"""`lambda-ric event`: print a sample event, or list them all."""

from __future__ import annotations

import json
from argparse import RawDescriptionHelpFormatter

from lambda_ric.cli.parser import CommandParser
from lambda_ric.cli.sample_settings import sample_event
from lambda_ric.events import CATALOGUE, Sample

_EXAMPLES = """examples:
  lambda-ric event                               list all sample events with their settings
  lambda-ric event sqs                           the first event of a service
  lambda-ric event sqs fifo --set body=hi        checksums and ids fit the body
  lambda-ric event s3 put --set key='a b.txt' --set Records.0.awsRegion=eu-west-1
  lambda-ric event apigateway rest | lambda-ric invoke -e -
"""


def main(arguments: list[str]) -> int:
    """Print the requested event as JSON, or the list of events if no event is named."""
    parser = CommandParser(
        "lambda-ric event",
        description="Print a sample event with fresh ids and correct checksums and encodings.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("service", nargs="?", metavar="SERVICE", help="such as sqs or s3")
    parser.add_argument("type", nargs="?", metavar="TYPE", help="such as fifo; default: the first")
    parser.add_argument(
        "--set",
        dest="assignments",
        action="append",
        default=[],
        metavar="K=V",
        help="a setting (body=hi) or a place in the event (Records.0.awsRegion=eu-west-1)",
    )
    parser.add_argument("--compact", action="store_true", help="print it on one line")
    options = parser.parse_args(arguments)
    if options.service is None:
        print(_listing())
        return 0
    name = f"{options.service}/{options.type}" if options.type else options.service
    event = sample_event(name, options.assignments)
    print(json.dumps(event, indent=None if options.compact else 2, ensure_ascii=False))
    return 0


def _listing() -> str:
    lines = ["sample events (SERVICE TYPE, followed by the settings for --set):"]
    width = max(len(sample.title) for sample in CATALOGUE) + 1
    for sample in CATALOGUE:
        _, _, kind = sample.name.partition("/")
        settings = " ".join(f"{name}=" for name in sample.settings)
        lines.append(f"  {sample.service:<15}{kind:<24}{sample.title:<{width}}{settings}".rstrip())
    return "\n".join([*lines, "", f"also: {', '.join(_aliases(CATALOGUE))}"])


def _aliases(samples: tuple[Sample, ...]) -> list[str]:
    return [alias.replace("/", " ") for sample in samples for alias in sample.aliases]
