"""`lambda-ric invoke`: send an event to a function, and print what comes back.

Exit codes: 0 ok, 1 the function failed, 2 wrong usage, or the request did not reach a function.
Only the result goes to stdout; everything else goes to stderr.
"""

from __future__ import annotations

import json
from argparse import Namespace, RawDescriptionHelpFormatter

from lambda_ric.caller.invoke_api import InvocationType, InvokeRequest
from lambda_ric.cli.argument_types import function_name
from lambda_ric.cli.endpoint_option import add_endpoint_option, needs_local
from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.payload import add_payload_options, read_payload

_EXAMPLES = """examples:
  lambda-ric invoke                                 send {} to http://localhost:8080
  lambda-ric invoke -d '{"name": "Ada"}' --tail     and print the end of the log
  lambda-ric invoke --sample sqs --set body=hi      send a sample event
  echo '{}' | lambda-ric invoke -e - | jq .         from stdin to stdout
  lambda-ric invoke --stream                        print chunks as they arrive
  lambda-ric invoke orders --async --endpoint http://localhost:9000
"""


def main(arguments: list[str]) -> int:
    """Invoke a function as the command line says."""
    options = _parser().parse_args(arguments)
    if options.stream and (options.asynchronous or options.dry_run):
        raise UsageError("--stream waits for the result: use it without --async and --dry-run")
    if options.durable_execution_name and (options.stream or options.dry_run):
        raise UsageError("--durable-execution-name needs an invoke that starts an execution")
    request = _request(options)
    try:
        from lambda_ric.cli.sending import send
    except ImportError as missing:
        raise needs_local(missing) from None
    return send(request, options.endpoint, stream=options.stream)


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
        "--durable-execution-name",
        type=function_name,
        metavar="NAME",
        help="start the execution of this name, or wait for it if it has been started",
    )
    add_endpoint_option(parser)
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
        durable_execution_name=options.durable_execution_name,
    )
