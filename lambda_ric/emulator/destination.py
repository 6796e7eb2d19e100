"""Where the records of asynchronous invokes go: to another function, a queue or a topic.

Source: "Capturing records of Lambda asynchronous invocations" in the AWS Lambda developer guide.
By its "Invoking durable Lambda functions", those have no destinations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from importlib.util import find_spec
from typing import NamedTuple

from lambda_ric.emulator.function import FunctionConfig

NEEDED = "it needs botocore: pip install 'lambda-ric[destinations]'"

_ARN = re.compile(r"arn:aws[a-z-]*:(?P<service>sqs|sns):(?P<region>[a-z0-9-]+):\d{12}:[\w-]{1,256}")
_URL = re.compile(r"https?://[^/\s]+/\S+")
_URL_REGION = re.compile(
    r"https://(?:sqs\.)?(?P<region>[a-z0-9-]+)\.(?:queue\.)?amazonaws\.com[./]"
)


class DestinationKind(Enum):
    """The kinds of destinations that the emulator has."""

    FUNCTION = "function"
    QUEUE = "sqs"
    TOPIC = "sns"


class Destination(NamedTuple):
    """A destination: the name of a function, the URL or ARN of a queue, or the ARN of a topic.

    `region` is the one that the target names, None where it names none.
    """

    kind: DestinationKind
    target: str
    region: str | None = None


def parse_destination(text: str) -> Destination:
    """Read a destination. Raises ValueError for anything that the emulator cannot send to."""
    if text.endswith(".fifo"):
        raise ValueError(f"{text!r} is FIFO; destinations are standard queues and topics")
    arn = _ARN.fullmatch(text)
    if arn is not None:
        return Destination(DestinationKind(arn["service"]), text, arn["region"])
    if _URL.fullmatch(text):
        region = _URL_REGION.match(text)
        return Destination(DestinationKind.QUEUE, text, region["region"] if region else None)
    from lambda_ric.emulator.function_name import parse_name

    try:
        return Destination(DestinationKind.FUNCTION, parse_name(text)[0])
    except ValueError:
        raise ValueError(
            f"{text!r} is not a destination: the name of a function here, the URL or ARN of an SQS "
            "queue, or the ARN of an SNS topic"
        ) from None


def check_destinations(functions: Sequence[FunctionConfig]) -> None:
    """Raise ValueError, with the reason, for a destination that no record could be sent to."""
    known = {function.name: function for function in functions}
    for function in functions:
        for text in filter(None, (function.on_success, function.on_failure)):
            destination = parse_destination(text)
            if function.durable is not None:
                raise ValueError(f"{function.name}: durable functions have no destinations")
            if destination.kind is DestinationKind.FUNCTION:
                _check_function(function, destination.target, known)
            elif find_spec("botocore") is None:
                raise ValueError(f"the destination {text}: {NEEDED}")


def _check_function(source: FunctionConfig, target: str, known: dict[str, FunctionConfig]) -> None:
    if target not in known:
        names = ", ".join(known)
        raise ValueError(f"the destination {target!r} is not served; there is {names}")
    if target == source.name:
        raise ValueError(f"{target}: you can't specify the function as a destination for itself")
    if known[target].durable is not None:
        raise ValueError(
            f"the destination {target!r} is durable, which destinations cannot be here"
        )
