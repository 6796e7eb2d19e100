"""The options of `run` and `emulate`, with the defaults and variables of AWS's emulator."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from lambda_ric.cli.address_options import add_addresses, chosen_address
from lambda_ric.cli.argument_types import WrongValue, count, delay
from lambda_ric.cli.extension_options import EXTENSIONS, add_extension_options, chosen_extensions
from lambda_ric.cli.function_options import add_function_options, chosen_options
from lambda_ric.cli.http_options import add_http_options, chosen_listening, is_application
from lambda_ric.cli.parser import UsageError
from lambda_ric.emulator import FunctionConfig, Listening
from lambda_ric.emulator.destination import check_destinations
from lambda_ric.emulator.function import DurableConfig, inherited_environment
from lambda_ric.emulator.gateway.settings import RESPONSE_STREAM, HttpListening
from lambda_ric.emulator.scheduling.async_queue import RETRY_DELAY

if TYPE_CHECKING:
    from lambda_ric.cli.zip_function import ZipFunction

ALL = "*"
"""Stands for all functions, in the place of a name."""

_QUIET_LEVELS = ("error", "fatal", "panic")
_LEVELS = ("trace", "debug", "info", "warn", "warning", *_QUIET_LEVELS)


class Program(NamedTuple):
    """The command that serves one function. If `name` is set, the function answers only to it.

    `options` and `env_files` are for this function alone.
    """

    handler: str
    command: tuple[str, ...]
    name: str | None = None
    directory: str | None = None
    options: Mapping[str, Any] = MappingProxyType({})
    env_files: tuple[str, ...] = ()
    zipped: ZipFunction | None = None

    @property
    def folders(self) -> list[str]:
        """The folders with its code."""
        return self.zipped.watched if self.zipped else [self.directory or os.getcwd()]


class ServingOptions(NamedTuple):
    """The options about serving."""

    functions: tuple[FunctionConfig, ...]
    by_name: bool  # functions answer only to their own names
    listening: Listening
    http: HttpListening | None
    event: str | None
    retry_delay: float
    log_as_json: bool
    quiet: bool
    reload_directories: tuple[str, ...]
    reload_exclude: tuple[str, ...]
    skip_time: bool
    state: str | None


def add_serving_options(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """Declare the options, and return the group of those for development."""
    add_addresses(parser)
    add_http_options(parser)
    _add_function(parser)
    _add_durable(parser)
    development = _add_development(parser)
    shown = parser.add_argument_group("output")
    shown.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="default: text"
    )
    shown.add_argument(
        "--quiet", action="store_true", help="show only the function's output, and failures"
    )
    shown.add_argument(
        "--log-level",
        type=_level,
        metavar="LEVEL",
        help="log level, as for aws-lambda-rie; error and above mean --quiet",
    )
    return development


def _add_function(parser: argparse.ArgumentParser) -> None:
    function = parser.add_argument_group("the function")
    add_function_options(function)
    add = function.add_argument
    add(
        "--async-retry-delay",
        type=delay,
        metavar="S",
        default=RETRY_DELAY,
        help=f"seconds before a failed Event invoke is retried (default: {RETRY_DELAY:.0f})",
    )
    add_extension_options(function)
    add(
        "--event",
        metavar="FILE|JSON|-",
        help="invoke once, print only the result on standard output, and exit",
    )


def _add_development(parser: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    development = parser.add_argument_group("development")
    add = development.add_argument
    add(
        "--reload",
        action="store_true",
        help="restart when a file changes, once the running invocation is over",
    )
    add(
        "--reload-dir",
        action="append",
        default=[],
        metavar="DIR",
        help="watch this directory instead of the function's; repeatable",
    )
    add(
        "--reload-exclude",
        action="append",
        default=[],
        metavar="PATTERN",
        help="do not restart for these files, such as '*.json' or 'data/*'; repeatable",
    )
    add(
        "--env-file",
        action="append",
        default=[],
        metavar="FILE",
        help="variables of the function, as NAME=VALUE lines; repeatable",
    )
    parser.set_defaults(init_limit=FunctionConfig.init_limit)
    return development


def _add_durable(parser: argparse.ArgumentParser) -> None:
    durable = parser.add_argument_group("durable functions")
    add = durable.add_argument
    add(
        "--durable",
        nargs="?",
        action="append",
        const=ALL,
        default=[],
        metavar="NAME",
        help="all functions are durable, or the one of --durable=NAME; repeatable",
    )
    add(
        "--execution-timeout",
        type=count,
        default=DurableConfig.execution_timeout,
        metavar="S",
        help="seconds an execution may take (default: a year)",
    )
    add(
        "--retention-days",
        type=count,
        default=DurableConfig.retention_days,
        metavar="N",
        help=f"days executions are kept after their end (default: {DurableConfig.retention_days})",
    )
    add("--state", metavar="FILE", help="keep executions in this SQLite file, beyond a restart")
    add("--skip-time", action="store_true", help="let waits and retry delays pass at once")


def serving_options(options: argparse.Namespace, *programs: Program) -> ServingOptions:
    """Combine parsed options, RIE's environment variables and defaults.

    Raises UsageError for a file that cannot be read, and for a variable that is not a valid
    number.
    """
    functions = tuple(_function(options, program) for program in programs)
    _check_durable(options, functions)
    try:
        check_destinations(functions)
    except ValueError as error:
        raise UsageError(str(error)) from None
    watched = options.reload_dir or sorted(
        {folder for program in programs for folder in program.folders}
    )
    if options.event is not None and (options.reload or options.reload_dir):
        raise UsageError("--event invokes once; --reload is for serving")
    for directory in options.reload_dir:
        if not os.path.isdir(directory):
            raise UsageError(f"--reload-dir {directory}: there is no such directory")
    listening = chosen_address(options)
    return ServingOptions(
        functions=functions,
        by_name=any(program.name is not None for program in programs),
        listening=listening,
        http=chosen_listening(options, listening, functions),
        event=options.event,
        retry_delay=options.async_retry_delay,
        log_as_json=options.log_format == "json",
        quiet=options.quiet or options.log_level in _QUIET_LEVELS,
        reload_directories=tuple(watched) if options.reload or options.reload_dir else (),
        reload_exclude=tuple(options.reload_exclude),
        skip_time=options.skip_time,
        state=options.state,
    )


def _function(options: argparse.Namespace, program: Program) -> FunctionConfig:
    own = _own_variables([*options.env_file, *program.env_files])
    variables = inherited_environment() | own
    directory = program.directory or os.getcwd()
    if program.zipped is not None:
        variables = program.zipped.variables(inherited_environment(), own)
        directory = program.zipped.directory
    extensions = (program.zipped and program.zipped.extensions) or EXTENSIONS
    if is_application(program.handler) and options.invoke_mode == RESPONSE_STREAM:
        variables.setdefault("LAMBDA_RIC_STREAM", "1")  # what the application is to know in AWS
    chosen = chosen_options(program.options, options, variables)
    if program.name is not None:
        chosen["name"] = program.name
    try:
        config = FunctionConfig(
            handler=program.handler,
            command=program.command,
            version=variables.get("AWS_LAMBDA_FUNCTION_VERSION") or FunctionConfig.version,
            init_limit=options.init_limit,
            directory=directory,
            environment=variables,
            own_environment=own,
            runtime_api=options.runtime_api_address,
            extensions=chosen_extensions(options, extensions),
            **chosen,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    if not {ALL, config.name}.isdisjoint(options.durable):
        try:
            durable = DurableConfig(options.execution_timeout, options.retention_days)
        except ValueError as error:
            raise UsageError(str(error)) from None
        return replace(config, durable=durable)
    return config


def _own_variables(files: Sequence[str]) -> dict[str, str]:
    if not files:
        return {}
    from lambda_ric.cli.env_file import read_env_file

    variables: dict[str, str] = {}
    for path in files:
        variables |= read_env_file(path)
    return variables


def _check_durable(options: argparse.Namespace, functions: Sequence[FunctionConfig]) -> None:
    given = {
        "--execution-timeout": options.execution_timeout != DurableConfig.execution_timeout,
        "--retention-days": options.retention_days != DurableConfig.retention_days,
        "--state": options.state is not None,
        "--skip-time": options.skip_time,
    }
    useless = [flag for flag, is_given in given.items() if is_given]
    if useless and not options.durable:
        raise UsageError(f"{', '.join(useless)}: no function is durable; add --durable")
    known = [function.name for function in functions]
    for name in options.durable:
        if name != ALL and name not in known:
            raise UsageError(
                f"--durable={name}: there is no such function, only {', '.join(known)}"
            )


def _level(text: str) -> str:
    if text.lower() not in _LEVELS:
        raise WrongValue(f"{text!r} is not one of {', '.join(_LEVELS)}")
    return text.lower()
