"""The options of the HTTP front door: whether there is one, where, and which one it plays."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from lambda_ric.cli.argument_types import WrongValue, port
from lambda_ric.cli.parser import UsageError
from lambda_ric.emulator import FunctionConfig, Listening
from lambda_ric.emulator.gateway.settings import (
    BUFFERED,
    DEFAULT_PORT,
    RESPONSE_STREAM,
    Cors,
    FrontDoorKind,
    HttpListening,
)

if TYPE_CHECKING:
    from lambda_ric.emulator.gateway.routes import Route


def add_http_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options; those that are not given are None."""
    add = parser.add_argument_group("HTTP").add_argument
    add(
        "--http",
        nargs="?",
        type=port,
        const=DEFAULT_PORT,
        metavar="PORT",
        help="also answer HTTP requests with the function, as a front door of AWS does "
        f"(default port: {DEFAULT_PORT}; 0: any free one); a web application always does",
    )
    add(
        "--http-as",
        choices=[kind.value for kind in FrontDoorKind],
        help=f"which front door it is (default: {FrontDoorKind.FUNCTION_URL.value})",
    )
    add(
        "--invoke-mode",
        choices=(BUFFERED, RESPONSE_STREAM),
        help=f"of a function URL or a REST API (default: {BUFFERED}, as in AWS)",
    )
    add(
        "--route",
        action="append",
        default=[],
        type=_route,
        metavar="'METHOD /PATH=FUNCTION'",
        help="route of an API, such as 'GET /items/{id}=orders'; {proxy+} and ANY as in AWS, "
        "without =FUNCTION for the first function; repeatable (default: everything)",
    )


def chosen_listening(
    options: argparse.Namespace, listening: Listening, functions: tuple[FunctionConfig, ...]
) -> HttpListening | None:
    """Return what the front door is to be, or None. Raises UsageError for a contradiction."""
    asked = options.http is not None or options.http_as or options.invoke_mode or options.route
    if options.event is not None:
        if asked:
            raise UsageError("--event invokes once; --http is for serving")
        return None
    if not asked and not any(is_application(function.handler) for function in functions):
        return None
    http = HttpListening(
        kind=FrontDoorKind(options.http_as or FrontDoorKind.FUNCTION_URL),
        host=listening.host,
        port=DEFAULT_PORT if options.http is None else options.http,
        or_any_port=options.http is None,
        hosts=listening.hosts,
        invoke_mode=options.invoke_mode or BUFFERED,
        routes=tuple(options.route),
        cors=Cors(listening.origins) if listening.origins else None,
    )
    try:
        http.check([function.name for function in functions])
    except ValueError as error:
        raise UsageError(str(error)) from None
    return http


def is_application(handler: str) -> bool:
    """Return whether a handler is a web application, written as `module:app`.

    Handlers of Java and .NET have two colons in a row.
    """
    return ":" in handler and "::" not in handler


def _route(text: str) -> Route:
    from lambda_ric.emulator.gateway.routes import parse_route

    try:
        return parse_route(text)
    except ValueError as error:
        raise WrongValue(str(error)) from None
