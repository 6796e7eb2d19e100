"""Lists of executions and of events as tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lambda_ric.cli.durable.moments import date_and_time, duration
from lambda_ric.cli.durable.operations import error_of, error_text, payload_of, plain_text
from lambda_ric.cli.durable.terminal import (
    BOLD,
    DIM,
    GREEN,
    RED,
    YELLOW,
    Terminal,
    clean,
    clipped,
    padded,
    status_colour,
)

Members = dict[str, Any]

_FUNCTION = re.compile(r":function:([^:]+)")
_STATUS, _TIME, _HOUR, _TOOK = 12, 21, 8, 11
_NARROW = 60


def draw_list(terminal: Terminal, executions: Sequence[Members]) -> None:
    """Draw a list of executions; functions are named where there are several."""
    names = [str(execution["DurableExecutionName"]) for execution in executions]
    functions = [_function(execution) for execution in executions]
    name_width = max(map(len, names), default=4)
    several = len(set(functions)) > 1
    function_width = max(map(len, ("function", *functions))) + 2 if several else 0
    narrow = terminal.width is not None and terminal.width < _NARROW
    time_width = _HOUR if narrow else _TIME
    if terminal.width is not None:
        room = terminal.width - 2 - _STATUS - time_width - _TOOK - 2
        function_width = min(function_width, max(room // 3, 0))
        name_width = max(min(name_width, room - function_width), 8)
    head = f"  {'status':<{_STATUS}}{'name':<{name_width}}  "
    head += f"{'function':<{function_width}}" if function_width else ""
    terminal.write(terminal.paint(f"{head}{'started':<{time_width}}{'took':>{_TOOK}}", DIM))
    for execution, name, function in zip(executions, names, functions, strict=True):
        status = str(execution["Status"])
        began, ended = float(execution["StartTimestamp"]), execution.get("EndTimestamp")
        said = terminal.paint(padded(status, _STATUS), status_colour(status))
        line = f"{terminal.mark(status)} {said}"
        line += terminal.paint(padded(clipped(clean(name), name_width), name_width), BOLD) + "  "
        if function_width:
            line += padded(clipped(function, function_width - 2), function_width)
        line += f"{date_and_time(began)[-8 if narrow else 0 :]:<{time_width}}"
        line += f"{duration(float(ended) - began) if ended else '':>{_TOOK}}"
        terminal.write(line)


def _function(execution: Members) -> str:
    found = _FUNCTION.search(str(execution.get("FunctionArn") or execution["DurableExecutionArn"]))
    return found[1] if found else ""


class HistoryTable:
    """Draws the events of one execution, one line each, as they come."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._began: float | None = None
        width = terminal.width
        self._name = 20 if width is None or width >= 100 else 14 if width >= 72 else 0
        self._time = 0 if width is not None and width < 48 else _TOOK
        self._notes = None
        if width is not None:
            used = 5 + self._time + 2 + 24 + (self._name + 2 if self._name else 0)
            self._notes = max(width - used, 0)
        head = f"{'#':>4} {'after' if self._time else '':>{self._time}}  {'event':<24}"
        head += f"{'operation':<{self._name}}  detail" if self._name else "detail"
        terminal.write(terminal.paint(head, DIM))

    def draw(self, event: Members) -> None:
        """Draw one event."""
        kind, now = str(event["EventType"]), float(event["EventTimestamp"])
        self._began = now if self._began is None else self._began
        after = duration(now - self._began) if self._time else ""
        line = f"{event['EventId']:>4} {after:>{self._time}}  "
        line += self._terminal.paint(f"{kind:<24}", _colour(kind))
        name = clean(str(event.get("Name") or ""))
        if self._name:
            if self._terminal.width is not None:
                name = clipped(name, self._name)
            line += padded(name, self._name) + "  "
        note = clean(_detail(event.get(f"{kind}Details") or {}))
        line += self._terminal.paint(self._terminal.fit(note, self._notes), DIM)
        self._terminal.write(line)


def _colour(kind: str) -> str:
    if kind.endswith(("Failed", "TimedOut", "Stopped")):
        return RED
    if kind.endswith(("Paused", "Cancelled")):
        return YELLOW
    return GREEN if kind.endswith("Succeeded") else DIM if kind == "InvocationCompleted" else ""


def _detail(details: Members) -> str:
    """Return what is worth knowing of an event."""
    parts = []
    error = error_of(details.get("Error"))
    if error is not None:
        parts.append(error_text(error))
    for member in ("Input", "Result", "Reason"):
        text = payload_of(details.get(member))
        if text is not None:
            parts.append(plain_text(text))
    retry = details.get("RetryDetails") or {}
    if retry.get("NextAttemptDelaySeconds") is not None:
        again = duration(retry["NextAttemptDelaySeconds"])
        parts.append(f"(attempt {retry.get('CurrentAttempt')}, again after {again})")
    if "Duration" in details:
        parts.append(f"for {duration(float(details['Duration']))}")
    if "FunctionName" in details:
        parts.append(f"of {details['FunctionName']}")
    if "CallbackId" in details:
        parts.append(str(details["CallbackId"]))
    if "RequestId" in details:
        took = float(details["EndTimestamp"]) - float(details["StartTimestamp"])
        parts.append(f"{duration(took)}, request {details['RequestId']}")
    return " ".join(parts)
