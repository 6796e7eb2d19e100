"""One execution for people: what it is, and its operations as a tree with their times.

On a narrow terminal the less important columns are left out, and notes stand on their own lines.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lambda_ric.cli.durable.moments import date_and_time, duration
from lambda_ric.cli.durable.operations import Operation, Story, error_text, plain_text
from lambda_ric.cli.durable.terminal import (
    BOLD,
    DIM,
    RED,
    YELLOW,
    Terminal,
    clean,
    clipped,
    columns,
    padded,
    status_colour,
)

SIBLINGS = 24
"""Operations of one parent that are drawn one by one; of more, those that went well are counted."""

EARLIER = 4
"""The earlier attempt of a step from which on only the last is drawn."""

_OPEN = ("STARTED", "PENDING", "READY")
_NARROW = 64
_LEAST_NOTE = 28
_TIME = 11  # columns of a duration

_WORDS = {"TIMED_OUT": "timed out", "STARTED": "running"}


@dataclass
class Row:
    """One line of the table, in parts; `below` are lines that belong to it, each with a colour."""

    tree: str
    mark: str
    name: str
    kind: str = ""
    starts: str = ""
    takes: str = ""
    note: str = ""
    colour: str = DIM
    below: list[tuple[str, str]] = field(default_factory=list)
    indent: str = ""


class Timeline:
    """Draws executions on a terminal; `whole` draws each of their operations."""

    def __init__(self, terminal: Terminal, *, whole: bool = False) -> None:
        self._terminal = terminal
        self._whole = whole

    def draw(self, execution: dict[str, Any], story: Story) -> None:
        """Draw an execution, as GetDurableExecution describes it, and its operations."""
        self._head(execution, story)
        self._began = float(execution["StartTimestamp"])
        ended = execution.get("EndTimestamp")
        self._now = float(ended) if ended else max(time.time(), story.last)
        self._name = str(execution["DurableExecutionName"])
        self._going = ended is None
        rows = list(self._rows(story.operations, ""))
        if rows:
            self._terminal.write()
            self._table(rows)

    def _head(self, execution: dict[str, Any], story: Story) -> None:
        status = str(execution["Status"])
        began, ended = float(execution["StartTimestamp"]), execution.get("EndTimestamp")
        paint = self._terminal.paint
        state = f"after {duration(ended - began)}" if ended else f"since {date_and_time(began)}"
        name = paint(clean(str(execution["DurableExecutionName"])), BOLD)
        said = paint(status, status_colour(status))
        self._terminal.write(f"{self._terminal.mark(status)} {name}  {said} {state}")
        arn = str(execution["DurableExecutionArn"])
        self._member("arn", arn, whole=True)
        times = date_and_time(began) + (f" to {date_and_time(ended)}" if ended else "")
        counted = f"{story.invocations} invocation" + ("s" if story.invocations != 1 else "")
        self._member("time", f"{times}, {counted}")
        if "InputPayload" in execution:
            self._member("input", str(execution["InputPayload"]))
        if execution.get("Result") is not None:
            self._member("result", plain_text(str(execution["Result"])))
        if execution.get("Error") is not None:
            self._member("error", error_text(execution["Error"]), RED)
        reason = (execution.get("PauseDetails") or {}).get("Reason")
        if reason:
            self._member("paused", str(reason), YELLOW)

    def _member(self, name: str, text: str, colour: str = "", *, whole: bool = False) -> None:
        width = self._terminal.width
        text = clean(text)
        if width is not None and not whole:
            text = clipped(text, max(width - 11, 8))
        shown = self._terminal.paint(text, colour) if colour else text
        self._terminal.write(f"  {self._terminal.paint(padded(name, 8), DIM)} {shown}")

    # Rows.

    def _rows(
        self, operations: Sequence[Operation], indent: str, parent: Operation | None = None
    ) -> Iterator[Row]:
        shown, hidden = self._chosen(operations)
        for number, operation in enumerate(shown, 1):
            is_last = number == len(shown) and not hidden
            branch = "" if parent is None else ("└─ " if is_last else "├─ ")
            below = indent if parent is None else indent + ("   " if is_last else "│  ")
            yield self._row(operation, indent + branch, below, parent)
            yield from self._rows(operation.children, below, operation)
        if hidden:
            branch = "" if parent is None else "└─ "
            note = f"{hidden} more that succeeded (--all shows them)"
            yield Row(indent + branch, "…", note)

    def _chosen(self, operations: Sequence[Operation]) -> tuple[Sequence[Operation], int]:
        """Return the operations to draw, and how many others went well."""
        if self._whole or len(operations) <= SIBLINGS:
            return operations, 0
        first = set(map(id, operations[: SIBLINGS // 2]))
        shown = [
            operation
            for operation in operations
            if id(operation) in first or operation.status != "SUCCEEDED"
        ]
        return shown, len(operations) - len(shown)

    def _row(self, operation: Operation, tree: str, indent: str, parent: Operation | None) -> Row:
        is_open = operation.status in _OPEN
        ended = operation.ended if operation.ended is not None else self._now
        took = duration(ended - operation.started) if ended > operation.started else "-"
        note, colour = self._note(operation)
        row = Row(
            tree,
            self._terminal.mark(operation.status),
            _label(operation, parent),
            operation.kind,
            duration(operation.started - self._began),
            f"{took} …" if is_open and self._going else "" if is_open else took,
            clean(note),
            colour,
            indent=indent + ("│  " if operation.children else "   "),
        )
        self._add_below(row, operation, parent)
        return row

    def _note(self, operation: Operation) -> tuple[str, str]:
        """Return what is worth knowing of an operation, and its colour."""
        if operation.status in _OPEN:
            return self._state(operation), YELLOW if operation.status == "PENDING" else DIM
        if operation.status in ("SUCCEEDED", "CANCELLED"):
            result = plain_text(operation.result or "")
            return _batch(operation) or ("" if result == "null" else result), DIM
        text = error_text(operation.error) if operation.error else ""
        return text or _WORDS.get(operation.status, operation.status.lower()), RED

    def _state(self, operation: Operation) -> str:
        """Return what an open operation waits for."""
        details = operation.details
        due = details.get("ScheduledEndTimestamp")
        if not self._going:
            return "was not finished"
        if due is not None:
            return f"ends in {duration(float(due) - self._now)}"
        if operation.status == "PENDING":
            attempt = operation.attempts[-1]
            again = (attempt.ended or 0.0) + (attempt.again_after or 0)
            failed = f"{error_text(attempt.error)}; " if attempt.error else ""
            return f"{failed}again in {duration(again - self._now)}"
        if "CallbackId" in details:
            timeout = details.get("Timeout")
            if timeout:
                left = operation.started + float(timeout) - self._now
                return f"waits to be completed, times out in {duration(left)}"
            return "waits to be completed"
        if "FunctionName" in details:
            return f"of {details['FunctionName']}"
        return _batch(operation)

    def _add_below(self, row: Row, operation: Operation, parent: Operation | None) -> None:
        """Add earlier attempts, and how a callback is completed."""
        attempts = operation.attempts
        if len(attempts) > 1:
            row.note = f"attempt {len(attempts)}  {row.note}".rstrip()
            for number, attempt in enumerate(attempts[:-1], 1):
                if number == EARLIER and len(attempts) > EARLIER + 2 and not self._whole:
                    row.below.append((f"… {len(attempts) - EARLIER - 1} more attempts", DIM))
                if attempt.error is None or (
                    EARLIER <= number < len(attempts) - 1 and not self._whole
                ):
                    continue
                after = f", again after {duration(attempt.again_after or 0)}"
                text = f"attempt {number} failed: {clean(error_text(attempt.error))}{after}"
                row.below.append((text, RED))
        if self._going and operation.status == "STARTED" and "CallbackId" in operation.details:
            name = callback_name(operation, parent)
            if name:
                text = f"lambda-ric callback succeed '{self._name}/{name}'"
                row.below.append((text, DIM))

    # The table.

    def _table(self, rows: Sequence[Row]) -> None:
        width = self._terminal.width
        narrow = width is not None and width < _NARROW
        kinds = 0 if narrow else max(max(len(row.kind) for row in rows), 4) + 2
        starts = 0 if narrow else _TIME + 1
        names = max(columns(row.tree) + columns(row.name) for row in rows) + 4
        left = None if width is None else width - kinds - starts - _TIME - 3
        if left is not None:
            names = min(names, max(left - (0 if narrow else _LEAST_NOTE), left // 2, 12))
        names = max(names, 11)
        notes = None if left is None else left - names
        if not narrow:
            head = (
                f"  {padded('operation', names)}{padded('kind', kinds)}"
                f"{'starts':>{_TIME}} {'takes':>{_TIME}}"
            )
            self._terminal.write(self._terminal.paint(head, DIM))
        for row in rows:
            self._line(row, names, kinds, starts, notes)

    def _line(self, row: Row, names: int, kinds: int, starts: int, notes: int | None) -> None:
        paint, terminal = self._terminal.paint, self._terminal
        room = names - columns(row.tree) - 4
        name = row.name if terminal.width is None else clipped(row.name, max(room, 6))
        left = f"{paint(row.tree, DIM)}{row.mark} {name}"
        line = "  " + padded(left, names)
        if kinds:
            line += paint(padded(row.kind, kinds), DIM)
        if starts:
            line += f"{row.starts:>{_TIME}} "
        line += f"{row.takes:>{_TIME}}"
        beside = notes is None or notes >= _LEAST_NOTE - 4
        if row.note and beside:
            line += "  " + paint(terminal.fit(row.note, notes), row.colour)
        terminal.write(line)
        below = list(row.below)
        went_well = row.mark == terminal.mark("SUCCEEDED")
        if row.note and not beside and not went_well:
            below.append((row.note, row.colour))
        for text, colour in below:
            left = row.indent if columns(row.indent) < 24 else ""
            limit = None if terminal.width is None else max(terminal.width - columns(left) - 2, 12)
            terminal.write(f"  {paint(left, DIM)}{paint(terminal.fit(text, limit), colour)}")


def _label(operation: Operation, parent: Operation | None) -> str:
    """Return the name of an operation, without that of its parent if it begins with it."""
    name = clean(operation.name)
    if parent is not None and parent.name and parent.kind == "wait for callback":
        name = name.removeprefix(f"{clean(parent.name)} ")
    return name or operation.id[:8]


def _batch(operation: Operation) -> str:
    """Return how the branches of a map or a parallel ended, "" for anything else."""
    if operation.kind not in ("map", "parallel") or not operation.children:
        return ""
    counts = Counter(child.status for child in operation.children)
    return ", ".join(
        f"{number} {_WORDS.get(status, status.lower())}" for status, number in counts.items()
    )


def callback_name(operation: Operation, parent: Operation | None) -> str:
    """Return the name by which a callback is known to people, "" if it has none."""
    if parent is not None and parent.kind == "wait for callback" and parent.name:
        return parent.name
    return operation.name
