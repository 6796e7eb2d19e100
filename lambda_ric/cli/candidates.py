"""Candidates for the next word of a command line that is being typed."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from contextlib import redirect_stdout, suppress
from importlib import import_module

from lambda_ric.cli.handler_names import handlers_here
from lambda_ric.cli.main import COMMANDS
from lambda_ric.events import CATALOGUE

SHELLS = ("bash", "zsh", "fish")
"""The shells whose command lines can be completed."""

_ACTIONS = {
    "callback": ("succeed", "fail", "heartbeat"),
    "ecr": ("check", "policy"),
    "executions": ("list", "show", "history", "stop", "pause", "resume", "delete"),
    "image": ("check",),
    "runtime": ("check", "publish"),
}

_OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def candidates(words: list[str]) -> list[str]:
    """Return candidates for the last word, given the words before it; it may be empty or partial.

    An empty list leaves the word to the shell, which completes file names.
    """
    *before, begun = words or [""]
    return sorted(word for word in _possible(before, begun) if word.startswith(begun))


def _possible(before: list[str], begun: str) -> Iterable[str]:
    if not before:
        return [*COMMANDS, "--help", "--version", *handlers_here()]
    command = before[0] if before[0] in COMMANDS else "run"
    if before[-1] == "--sample":
        return _samples()
    if begun.startswith("-"):
        return _options(command, before[1:2])
    if command == "event" and before[-1] != "--set":
        return _event_words([word for word in before[1:] if not word.startswith("-")])
    if command in ("bundle", "doctor") or (command == "run" and before == ["run"]):
        return handlers_here()
    if command == "completion":
        return SHELLS
    if command in _ACTIONS and len(before) == 1:
        return _ACTIONS[command]
    return []


def _event_words(given: list[str]) -> list[str]:
    samples = [name.split("/") for name in _samples()]
    if not given:
        return list({service for service, _ in samples})
    return [kind for service, kind in samples if service == given[0]] if len(given) == 1 else []


def _samples() -> list[str]:
    return [sample.name for sample in CATALOGUE]


def _options(command: str, action: list[str]) -> set[str]:
    """Return the options of a command, or of one of its actions; its help lists them all."""
    asked = action if action and action[0] in _ACTIONS.get(command, ()) else []
    shown = io.StringIO()
    with redirect_stdout(shown), suppress(Exception, SystemExit):  # the help ends with the latter
        import_module(f"lambda_ric.cli.{command}").main([*asked, "--help"])
    return set(_OPTION.findall(shown.getvalue())) | {"--help"}
