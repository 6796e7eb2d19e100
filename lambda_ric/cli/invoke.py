"""`lambda-ric invoke`: send an event to a function, and print what comes back.

Exit codes: 0 ok, 1 the function failed, 2 wrong usage, or the request did not reach a function.
Only the result goes to stdout; everything else goes to stderr.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace, RawDescriptionHelpFormatter

from lambda_ric.caller.invoke_api import InvocationType, InvokeRefused, InvokeRequest
from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.payload import add_payload_options, read_payload
from lambda_ric.cli.progress import Waiting
from lambda_ric.cli.result_output import print_prelude, print_result
from lambda_ric.cli.serving_options import DEFAULT_PORT
from lambda_ric.wire.event_stream import EventStreamError

try:
    import httpx

    from lambda_ric.caller.client import DEFAULT_ENDPOINT, LambdaClient
except ImportError as missing:
    raise UsageError(f"needs the package {missing.name}: pip install 'lambda-ric[local]'") from None

_EXAMPLES = """examples:
  lambda-ric invoke                                 send {} to http://localhost:8080
  lambda-ric invoke -d '{"name": "Ada"}' --tail     and print the end of the log
  lambda-ric invoke --sample sqs --set body=hi      send a sample event
  echo '{}' | lambda-ric invoke -e - | jq .         from stdin to stdout
  lambda-ric invoke --stream                        print chunks as they arrive
  lambda-ric invoke orders --async --endpoint http://localhost:9000
"""

FAILED = 1
"""Exit code for an invocation in which the function failed."""


def main(arguments: list[str]) -> int:
    """Invoke a function as the command line says."""
    options = _parser().parse_args(arguments)
    if options.stream and (options.asynchronous or options.dry_run):
        raise UsageError("--stream waits for the result: use it without --async and --dry-run")
    request = _request(options)
    _check_endpoint(options.endpoint)
    try:
        with LambdaClient(options.endpoint) as client:
            return (_stream if options.stream else _invoke)(client, request)
    except InvokeRefused as error:
        raise UsageError(str(error)) from None
    except httpx.HTTPError as error:
        raise UsageError(_unreachable(options.endpoint, error)) from None
    except EventStreamError as error:
        raise UsageError(f"cannot read the response of {options.endpoint}: {error}") from None


def _parser() -> CommandParser:
    parser = CommandParser(
        "lambda-ric invoke",
        description="Send an event to a function, and print what comes back.\n"
        "Exit code 0: ok, 1: the function failed, 2: wrong usage, or no function was reached.",
        epilog=_EXAMPLES,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", nargs="?", default="function", metavar="NAME", help="the function")
    add_payload_options(parser)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--async",
        dest="asynchronous",
        action="store_true",
        help="queue the event and return at once",
    )
    kind.add_argument(
        "--dry-run", action="store_true", help="check the request without running the function"
    )
    parser.add_argument("--stream", action="store_true", help="print the result as it arrives")
    parser.add_argument("--tail", action="store_true", help="print the end of the log on stderr")
    parser.add_argument("--client-context", metavar="JSON", help="for context.client_context")
    parser.add_argument("--tenant", metavar="ID", help="for context.tenant_id")
    parser.add_argument("--qualifier", metavar="Q", help="a version or an alias")
    parser.add_argument(
        "--endpoint",
        metavar="URL",
        default=os.environ.get("AWS_ENDPOINT_URL_LAMBDA") or DEFAULT_ENDPOINT,
        help="default: AWS_ENDPOINT_URL_LAMBDA, else http://localhost:8080",
    )
    return parser


def _request(options: Namespace) -> InvokeRequest:
    context = None
    if options.client_context is not None:
        try:
            context = json.loads(options.client_context)
        except ValueError as error:
            raise UsageError(f"--client-context is not JSON: {error}") from None
    kind: InvocationType = "RequestResponse"
    if options.asynchronous or options.dry_run:
        kind = "Event" if options.asynchronous else "DryRun"
    return InvokeRequest(
        read_payload(options),
        options.name,
        kind,
        log_tail=options.tail,
        client_context=context,
        tenant_id=options.tenant,
        qualifier=options.qualifier,
    )


def _check_endpoint(endpoint: str) -> None:
    try:
        url = httpx.URL(endpoint)
    except (httpx.InvalidURL, ValueError) as error:
        raise UsageError(f"the endpoint {endpoint!r} is not a URL: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise UsageError(f"the endpoint {endpoint!r} does not look like {DEFAULT_ENDPOINT}")


def _invoke(client: LambdaClient, request: InvokeRequest) -> int:
    with Waiting(f"waiting for {request.function}"):
        result = client.invoke(request)
    _print_log(result.log_tail)
    if request.invocation_type != "RequestResponse":
        taken = "taken" if request.invocation_type == "Event" else "could run"
        _say(f"{taken} ({result.status})")
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


def _unreachable(endpoint: str, error: Exception) -> str:
    reason = str(error) or type(error).__name__
    if not isinstance(error, httpx.ConnectError):
        return f"{endpoint}: {reason}"
    url = httpx.URL(endpoint)
    text = f"nothing answers at {endpoint} ({reason})"
    if url.host in ("localhost", "127.0.0.1", "::1"):
        port = url.port or 80
        option = "" if port == DEFAULT_PORT else f" --port {port}"
        return f"{text}; start it with: lambda-ric app.handler{option}"
    if url.host.endswith(("amazonaws.com", "amazonaws.com.cn")):
        return f"{text}; this command signs no requests: use `aws lambda invoke` for AWS"
    return text
