"""`lambda-ric MODULE.HANDLER`: serves one or several Python handlers locally, as Lambda would."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from lambda_ric.cli.address_options import in_container
from lambda_ric.cli.argument_types import port
from lambda_ric.cli.debugger import (
    DEBUG_PORT,
    DEBUG_SECONDS,
    debugged_command,
    launch_json,
    port_or_free,
)
from lambda_ric.cli.function_options import NamedFunction, named_function
from lambda_ric.cli.handler_names import checked_handler, misspelt
from lambda_ric.cli.interpreter_options import interpreter_options
from lambda_ric.cli.parser import CommandParser, UsageError
from lambda_ric.cli.serving import serve
from lambda_ric.cli.serving_options import (
    Program,
    add_serving_options,
    serving_options,
)
from lambda_ric.cli.zip_options import add_zip_options, zip_function

if TYPE_CHECKING:
    from lambda_ric.cli.zip_function import ZipFunction

EPILOG = """
Without --event it serves until Ctrl-C. Any function name in the URL reaches the handler.
Exit codes: 0 ok, 1 the function failed (--event), 2 wrong usage.
"""


def main(arguments: list[str]) -> int:
    """Serve the handlers until asked to stop, or invoke one of them once."""
    parser = CommandParser(
        prog="lambda-ric run",
        usage="lambda-ric MODULE.HANDLER [option…]",
        description="Serve a Python handler on http://localhost:8080, as Lambda would.",
        epilog=EPILOG,
    )
    parser.add_argument("handler", nargs="?", help="module.function, or module:app ($_HANDLER)")
    parser.add_argument(
        "--function",
        action="append",
        default=[],
        type=named_function,
        metavar="NAME=MODULE.HANDLER[,OPTION=VALUE…]",
        help="serve several handlers, each by its name and with options of its own, such as "
        "timeout=5,memory=256,env-file=FILE; repeatable",
    )
    add_zip_options(parser)
    development = add_serving_options(parser)
    development.add_argument(
        "--debug",
        nargs="?",
        type=port,
        const=DEBUG_PORT,
        metavar="PORT",
        help=f"let a debugger attach at this port ({DEBUG_PORT}; 0: any free one), no timeouts",
    )
    options = parser.parse_args(arguments)
    functions = _functions(options)
    with ExitStack() as stack:
        zipped = zip_function(options)
        if zipped is not None:
            stack.enter_context(zipped)
        return _serve(options, functions, zipped)


def _serve(
    options: argparse.Namespace, functions: list[NamedFunction], zipped: ZipFunction | None
) -> int:
    _tell_what_is_odd(functions, zipped)
    if options.debug is not None:
        options.debug = port_or_free(options.debug)
        options.timeout = options.init_limit = DEBUG_SECONDS
        options.concurrency = 1  # a port has one listener
    programs = [
        Program(
            function.handler,
            _command(function.handler, options.debug, number),
            function.name or None,
            options={} if options.debug is not None else function.options,
            env_files=function.env_files,
            zipped=zipped,
        )
        for number, function in enumerate(functions)
    ]
    if options.debug is not None:
        _tell_how_to_attach(functions, options.debug, zipped)
    return serve(lambda: serving_options(options, *programs))


def _tell_what_is_odd(functions: list[NamedFunction], zipped: ZipFunction | None) -> None:
    """Say what a function's author would want to know, before it is invoked."""
    folder = zipped.directory if zipped else ""
    hints = []
    for function in functions:
        handler = checked_handler(function.handler)
        hints += [misspelt(handler, folder), *(zipped.hints(handler) if zipped else [])]
    for hint in dict.fromkeys(hints):
        if hint:
            print(f"lambda-ric run: {hint}", file=sys.stderr)


def _functions(options: argparse.Namespace) -> list[NamedFunction]:
    """Return the functions; one without a name answers to all. Raises UsageError."""
    if options.function:
        if options.handler or options.name:
            raise UsageError("--function replaces the handler argument and --name")
        if options.event is not None and len(options.function) > 1:
            raise UsageError("--event invokes one function; name one --function")
        names = [function.name for function in options.function]
        if len(set(names)) < len(names):
            raise UsageError("--function: two functions have the same name")
        return list(options.function)
    variables = os.environ
    handler = (
        options.handler or variables.get("_HANDLER") or variables.get("AWS_LAMBDA_FUNCTION_HANDLER")
    )
    if not handler:
        raise UsageError("no handler given; write it as module.function, such as app.handler")
    return [NamedFunction("", handler)]


def _command(handler: str, debug_port: int | None, number: int) -> tuple[str, ...]:
    if debug_port is None:
        return (sys.executable, *interpreter_options(), "-m", "lambda_ric", handler)
    host = "0.0.0.0" if in_container() else "127.0.0.1"
    return debugged_command(handler, host, debug_port + number)


def _tell_how_to_attach(
    functions: list[NamedFunction], first: int, zipped: ZipFunction | None
) -> None:
    here = zipped.directory if zipped else os.getcwd()
    root = here if in_container() else None
    print("Timeouts are disabled. To attach, put this into .vscode/launch.json:", file=sys.stderr)
    for number, function in enumerate(functions):
        name = function.name or function.handler
        print(f"  {launch_json(name, first + number, root)}", file=sys.stderr)
