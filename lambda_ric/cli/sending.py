"""Sends the request of `lambda-ric invoke`, and prints what comes back. Needs `httpx`."""

from __future__ import annotations

import sys

from lambda_ric.caller.client import LambdaClient
from lambda_ric.caller.invoke_api import InvokeRequest
from lambda_ric.cli.endpoint import reaching
from lambda_ric.cli.parser import UsageError
from lambda_ric.cli.progress import Waiting
from lambda_ric.cli.result_output import print_prelude, print_result
from lambda_ric.wire.event_stream import EventStreamError

FAILED = 1
"""Exit code for an invocation in which the function failed."""


def send(request: InvokeRequest, endpoint: str, *, stream: bool) -> int:
    """Invoke a function at an endpoint, print the result, and return the exit code.

    Raises UsageError if the endpoint is not a URL, cannot be reached, or refuses the request.
    """
    try:
        with reaching(endpoint), LambdaClient(endpoint) as client:
            return (_stream if stream else _invoke)(client, request)
    except EventStreamError as error:
        raise UsageError(f"cannot read the response of {endpoint}: {error}") from None


def _invoke(client: LambdaClient, request: InvokeRequest) -> int:
    with Waiting(f"waiting for {request.function}"):
        result = client.invoke(request)
    _print_log(result.log_tail)
    if result.durable_execution_arn:
        _say(f"execution {result.durable_execution_arn}")
    if request.invocation_type != "RequestResponse":
        state = "accepted" if request.invocation_type == "Event" else "would run"
        _say(f"{state} ({result.status})")
        return 0
    print_result(result.body)
    if result.function_error:
        _say(f"the function failed ({result.function_error})")
        return FAILED
    return 0


def _stream(client: LambdaClient, request: InvokeRequest) -> int:
    out = sys.stdout.buffer
    with Waiting(f"waiting for {request.function}") as waiting, client.stream(request) as chunks:
        for number, chunk in enumerate(chunks):
            waiting.stop()
            if number == 0 and chunks.prelude is not None:
                print_prelude(chunks.prelude)
            out.write(chunk)
            out.flush()
    if sys.stdout.isatty():
        print()
    end = chunks.end
    _print_log(end.log_tail if end else None)
    if end and end.error_code:
        _say(f"the function failed ({end.error_code}) {end.error_details or ''}".rstrip())
        return FAILED
    return 0


def _print_log(log_tail: str | None) -> None:
    if log_tail:
        sys.stderr.write(log_tail if log_tail.endswith("\n") else log_tail + "\n")


def _say(text: str) -> None:
    print(f"lambda-ric invoke: {text}", file=sys.stderr)
