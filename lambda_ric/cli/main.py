"""Chooses the sub-command: `lambda-ric …` and `python -m lambda_ric …` are the same program.

A first word with a dot is a handler, one with a colon a web application; both stand for `run`. A
sub-command is the module of its name in this package, with a `main(arguments) -> exit code`; only
the one asked for is imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from io import TextIOWrapper
from typing import Any

from lambda_ric import __version__
from lambda_ric.cli.parser import WRONG_USAGE, UsageError
from lambda_ric.cli.wording import meant
from lambda_ric.runtime import collector

_ASCII = ("ascii", "us-ascii", "ansi_x3.4-1968")

COMMANDS = {
    "run": "serve a Python handler locally, as Lambda would",
    "emulate": "serve a runtime client in any language, as aws-lambda-rie does",
    "invoke": "send an event to a function",
    "executions": "show the executions of durable functions, and stop, pause or resume them",
    "callback": "complete what a durable function waits for",
    "event": "print a sample event",
    "bundle": "put what a handler imports into one file, for a faster start",
    "doctor": "report whether a handler is ready for Lambda",
    "ecr": "check an image URI, or print a repository policy",
    "image": "check an image before you push it",
    "runtime": "check and publish a runtime for your organisation's zip functions",
    "completion": "print a shell's completion script",
}


def main(arguments: list[str], *, owns_process: bool = False) -> int:
    """Run the command line and return its exit code: 0 ok, 1 failure, 2 wrong usage.

    If it `owns_process`, it freezes what the import of the command makes. Collections skip that
    later, as does the end of the process.
    """
    _write_utf8()
    try:
        code = _run(arguments, _import_and_freeze if owns_process else import_module)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `| head` has seen enough; nothing may be flushed there at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def _run(arguments: list[str], imported: Callable[[str], Any]) -> int:
    first = arguments[0] if arguments else "--help"
    if first in ("-h", "--help", "help"):
        print(_help())
        return 0
    if first == "--version":
        print(f"lambda-ric {__version__}")
        return 0
    if first in COMMANDS:
        command, arguments = first, arguments[1:]
    elif "." in first or ":" in first or first.startswith("-"):
        command = "run"
    else:
        print(_unknown(first), file=sys.stderr)
        return WRONG_USAGE
    try:
        code: int = imported(f"lambda_ric.cli.{command}").main(arguments)
    except UsageError as error:
        print(f"lambda-ric {command}: {error}", file=sys.stderr)
        return WRONG_USAGE
    return code


def _import_and_freeze(name: str) -> Any:
    """Import a module without looking for garbage: there is next to none."""
    usual = collector.pause()
    try:
        return import_module(name)
    finally:
        collector.resume(usual, collect=False)


def _write_utf8() -> None:
    """Let the output have any character: a C locale would refuse some with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower() in _ASCII:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _help() -> str:
    lines = [
        "usage: lambda-ric MODULE.HANDLER [option…]   serve a handler on http://localhost:8080",
        "       lambda-ric MODULE:APP [option…]       serve an ASGI or WSGI application",
        "       lambda-ric COMMAND [option…]",
        "",
        "commands:",
        *[f"  {name:<12}{purpose}" for name, purpose in COMMANDS.items()],
        "",
        "Run lambda-ric COMMAND --help for details. In Lambda, only the handler is read.",
    ]
    return "\n".join(lines)


def _unknown(word: str) -> str:
    suggestion = meant(word, COMMANDS)
    hint = suggestion or (
        "; a handler is written module.function, a web application module:app, "
        f"the commands are {', '.join(COMMANDS)}"
    )
    return f"lambda-ric: {word!r} is neither a command nor a handler{hint}"
