"""The options of `run` and `emulate`, with the defaults and variables of AWS's emulator."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lambda_ric.cli.parser import UsageError
from lambda_ric.emulator import FunctionConfig, Listening
from lambda_ric.emulator.event_queue import RETRY_DELAY

DEFAULT_PORT = 8080

_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
_QUIET_LEVELS = ("error", "fatal", "panic")
_LEVELS = ("trace", "debug", "info", "warn", "warning", *_QUIET_LEVELS)


@dataclass(frozen=True)
class ServingOptions:
    """What the command line says about serving."""

    function: FunctionConfig
    listening: Listening
    event: str | None
    retry_delay: float
    log_as_json: bool
    quiet: bool


def add_serving_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    _add_addresses(parser)
    _add_function(parser)
    shown = parser.add_argument_group("what it shows")
    shown.add_argument("--log-format", choices=("text", "json"), default="text")
    shown.add_argument(
        "--quiet", action="store_true", help="show only what the function writes, and failures"
    )
    shown.add_argument(
        "--log-level",
        type=_level,
        metavar="LEVEL",
        help="as aws-lambda-rie takes it; from error on the same as --quiet",
    )


def _add_addresses(parser: argparse.ArgumentParser) -> None:
    where = parser.add_argument_group("where it listens")
    add = where.add_argument
    add("--host", help="address (127.0.0.1; in a container all interfaces)")
    add("--port", type=_port, help=f"port, 0 for any free one ({DEFAULT_PORT})")
    add(
        "--runtime-interface-emulator-address",
        type=_address,
        metavar="HOST:PORT",
        help="both in one, as aws-lambda-rie takes them",
    )
    add(
        "--runtime-api-address",
        type=_address,
        metavar="HOST:PORT",
        help="address of the first environment's Runtime API (any free port)",
    )
    add(
        "--cors",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let web pages of this origin invoke, or of any with '*'; repeatable",
    )


def _add_function(parser: argparse.ArgumentParser) -> None:
    function = parser.add_argument_group("the function")
    add = function.add_argument
    add("--name", help="name ($AWS_LAMBDA_FUNCTION_NAME, else test_function)")
    add(
        "--timeout",
        type=_seconds,
        metavar="S",
        help="seconds an invocation may take ($AWS_LAMBDA_FUNCTION_TIMEOUT, else 300)",
    )
    add(
        "--memory",
        type=_count,
        metavar="MB",
        help="memory in mebibytes ($AWS_LAMBDA_FUNCTION_MEMORY_SIZE, else 3008)",
    )
    add(
        "--no-memory-limit",
        action="store_true",
        help="let the function take more memory than it has",
    )
    add(
        "--concurrency",
        type=_count,
        metavar="N",
        default=10,
        help="most execution environments at a time (10); more invokes wait",
    )
    add("--throttle", action="store_true", help="answer 429 to more invokes, as Lambda does")
    add(
        "--async-retry-delay",
        type=_delay,
        metavar="S",
        default=RETRY_DELAY,
        help=f"seconds until a failed Event invoke is tried again ({RETRY_DELAY:.0f})",
    )
    add(
        "--event",
        metavar="FILE|JSON|-",
        help="invoke once, print the result alone on standard output, and end",
    )


def serving_options(options: argparse.Namespace, handler: str, *command: str) -> ServingOptions:
    """Return what parsed options, RIE's environment variables and defaults amount to.

    Raises UsageError for a variable that is not the number it should be.
    """
    variables = os.environ
    function = FunctionConfig(
        name=options.name or variables.get("AWS_LAMBDA_FUNCTION_NAME") or "test_function",
        handler=handler,
        command=command,
        version=variables.get("AWS_LAMBDA_FUNCTION_VERSION") or "$LATEST",
        timeout=options.timeout or _number(variables, "AWS_LAMBDA_FUNCTION_TIMEOUT", 300),
        memory=options.memory or _number(variables, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", 3_008),
        limit_memory=not options.no_memory_limit,
        concurrency=options.concurrency,
        throttle=options.throttle,
        directory=os.getcwd(),
        environment=dict(variables),
        runtime_api=options.runtime_api_address,
    )
    return ServingOptions(
        function=function,
        listening=_listening(options),
        event=options.event,
        retry_delay=options.async_retry_delay,
        log_as_json=options.log_format == "json",
        quiet=options.quiet or options.log_level in _QUIET_LEVELS,
    )


def _listening(options: argparse.Namespace) -> Listening:
    in_container = any(os.path.exists(mark) for mark in _CONTAINER_MARKS)
    host = "0.0.0.0" if in_container else "127.0.0.1"
    listening = Listening(host, DEFAULT_PORT, tuple(options.cors))
    if options.runtime_interface_emulator_address is not None:
        host, port = options.runtime_interface_emulator_address
        listening = replace(listening, host=host, port=port)
    if options.host is not None:
        listening = replace(listening, host=options.host)
    if options.port is not None:
        listening = replace(listening, port=options.port)
    return listening


def _number(variables: Mapping[str, str], name: str, default: int) -> int:
    text = variables.get(name) or str(default)
    try:
        return _count(text)
    except ValueError:
        raise UsageError(f"{name} is {text!r}, but must be a whole number above 0") from None


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError("not above 0")
    return number


def _seconds(text: str) -> float:
    number = _delay(text)
    if number == 0:
        raise ValueError("not above 0")
    return number


def _delay(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1_000_000:
        raise ValueError("not a time")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:
        raise ValueError("not a port")
    return number


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon:
        raise ValueError("not host:port")
    return host.strip("[]") or "0.0.0.0", _port(port)


def _level(text: str) -> str:
    if text.lower() not in _LEVELS:
        raise ValueError("not a level")
    return text.lower()
