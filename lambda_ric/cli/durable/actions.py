"""What the commands about executions do, one function each; all return an exit code."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timezone
from itertools import islice
from typing import Any

from lambda_ric.caller.executions import ExecutionsClient, Members
from lambda_ric.caller.invoke_api import InvokeRefused
from lambda_ric.cli.durable.finding import Filters, Finder
from lambda_ric.cli.durable.operations import read_story
from lambda_ric.cli.durable.tables import HistoryTable, draw_list
from lambda_ric.cli.durable.terminal import Terminal
from lambda_ric.cli.durable.timeline import Timeline
from lambda_ric.cli.endpoint import reaching
from lambda_ric.cli.payload import read_event

FAILED = 1
"""Exit code after an execution that was followed has not succeeded."""

WAIT_SECONDS = 20
"""How long the emulator is asked to wait for the next event."""

_ENDS = {f"Execution{verb}" for verb in ("Succeeded", "Failed", "TimedOut", "Stopped")}

Act = Callable[[ExecutionsClient, Finder, Namespace], int]


def act(what: Act, options: Namespace) -> int:
    """Carry out a command at the endpoint of its options. Raises UsageError."""
    with reaching(options.endpoint), ExecutionsClient(options.endpoint) as client:
        return what(client, Finder(client, options.function), options)


# Looking.


def list_executions(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Print executions, the latest first."""
    filters: Filters = [("ReverseOrder", "true")]
    filters += [("Statuses", status) for status in options.status]
    for name, value in (
        ("DurableExecutionName", options.name),
        ("StartedAfter", options.after),
        ("StartedBefore", options.before),
    ):
        if value is not None:
            filters.append((name, str(value)))
    limit = None if options.all else options.limit + 1
    found = [
        execution
        for function in finder.functions()
        for execution in islice(client.of_function(function, filters), limit)
    ]
    found.sort(key=lambda execution: -float(execution["StartTimestamp"]))
    shown = found if options.all else found[: options.limit]
    if options.json:
        _print_json(shown)
    elif shown:
        draw_list(Terminal(sys.stdout), shown)
    else:
        _say(options, "no executions")
    if len(shown) < len(found):
        oldest = shown[-1]["StartTimestamp"]
        _say(options, f"there are more: --before {_iso(oldest)}, --limit N, or --all")
    return 0


def show(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Print one execution with its operations."""
    arn = finder.latest() if options.execution is None else finder.arn(options.execution)
    execution = client.get(arn)
    story = read_story(client.history(arn))
    if options.json:
        _print_json(
            {**execution, "Operations": [operation.as_json() for operation in story.operations]}
        )
    else:
        Timeline(Terminal(sys.stdout), whole=options.all).draw(execution, story)
    return 0


def history(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Print the events of one execution, and with `--follow` those that come."""
    arn = finder.latest() if options.execution is None else finder.arn(options.execution)
    draw = _print_event if options.json else HistoryTable(Terminal(sys.stdout)).draw
    known, end = 0, ""
    for event in client.history(arn):
        draw(event)
        known, end = known + 1, _end_of(event, end)
    while options.follow and not end:
        asked = time.monotonic()
        events = client.next_events(arn, known, WAIT_SECONDS)
        for event in events:
            draw(event)
            known, end = known + 1, _end_of(event, end)
        if not events and time.monotonic() < asked + 1:
            time.sleep(1)  # this endpoint does not wait for news
    return FAILED if options.follow and end != "ExecutionSucceeded" else 0


def _end_of(event: Members, before: str) -> str:
    """Return the type of the event that ended the execution, "" as long as nothing did."""
    kind = str(event["EventType"])
    return kind if kind in _ENDS else before


# Changing.


def stop(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """End executions."""
    error = _error(options)
    for arn in _meant(finder, options):
        before = client.get(arn)["Status"]
        client.stop(arn, error)
        after = client.get(arn)["Status"]
        ended = "" if before in ("RUNNING", "PAUSING", "PAUSED") else " (it had ended before)"
        _say(options, f"{_name(arn)} is {after}{ended}")
    return 0


def pause(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Let the handlers of executions not be invoked until they are resumed."""
    for arn in _meant(finder, options):
        client.pause(arn, options.reason, stop_clock=options.stop_clock)
        _say(options, f"{_name(arn)} is {client.get(arn)['Status']}")
    return 0


def resume(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Go on with executions that were paused."""
    for arn in _meant(finder, options):
        client.resume(arn, options.reason)
        _say(options, f"{_name(arn)} goes on")
    return 0


def delete(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Forget executions that have ended."""
    for arn in _meant(finder, options):
        client.delete(arn)
        _say(options, f"{_name(arn)} is deleted")
    return 0


def _meant(finder: Finder, options: Namespace) -> list[str]:
    """Return the ARNs of all executions that are named, before anything happens to one of them."""
    return [finder.arn(text) for text in options.executions]


# Callbacks.


def succeed(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Complete a callback with a result."""
    body = b""
    if options.data is not None:
        body = os.fsencode(options.data)
    elif options.event is not None:
        body = read_event(options.event)
    return _complete(client, finder, options, body)


def fail(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Complete a callback with an error."""
    return _complete(client, finder, options, json.dumps(_error(options)).encode())


def heartbeat(client: ExecutionsClient, finder: Finder, options: Namespace) -> int:
    """Report that a callback is still worked on."""
    return _complete(client, finder, options, b"")


def _complete(client: ExecutionsClient, finder: Finder, options: Namespace, body: bytes) -> int:
    """Do something to a callback that is given by its id, or else by its name."""
    try:
        client.complete(options.callback, options.action, body)
    except InvokeRefused as refused:
        if _ID.fullmatch(options.callback) or refused.status not in (400, 404):
            raise
        client.complete(finder.callback(options.callback), options.action, body)
    said = {"succeed": "has succeeded", "fail": "has failed", "heartbeat": "is still worked on"}
    shown = "the callback" if _ID.fullmatch(options.callback) else options.callback
    _say(options, f"{shown} {said[options.action]}")
    return 0


_ID = re.compile(r"[A-Za-z0-9+/=]{40,}")
"""The form of ids of callbacks, which hardly any name has."""

# Words.


def _error(options: Namespace) -> dict[str, str]:
    """Return the error that the options describe, with those members that are given."""
    members = {
        "ErrorType": options.error_type,
        "ErrorMessage": options.error_message,
        "ErrorData": options.error_data,
    }
    return {name: value for name, value in members.items() if value is not None}


def _name(arn: str) -> str:
    return arn.rsplit("/", 2)[1] if arn.count("/") >= 2 else arn


def _say(options: Namespace, text: str) -> None:
    print(f"{options.program}: {text}", file=sys.stderr)


def _print_json(value: Any) -> None:
    indent = 2 if sys.stdout.isatty() else None
    print(json.dumps(value, indent=indent), flush=True)


def _print_event(event: Members) -> None:
    print(json.dumps(event), flush=True)


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat().replace("+00:00", "Z")


ACTIONS: dict[str, Act] = {
    "list": list_executions,
    "show": show,
    "history": history,
    "stop": stop,
    "pause": pause,
    "resume": resume,
    "delete": delete,
    "succeed": succeed,
    "fail": fail,
    "heartbeat": heartbeat,
}
"""What each word on the command line does, of `executions` and of `callback`."""
