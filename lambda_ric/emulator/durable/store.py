"""Where executions are kept, and the store that keeps them in memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from lambda_ric.emulator.durable.execution import Execution

MAX_ENDED = 10_000
"""Ended executions that are kept in memory; older ones are forgotten first."""

DAY = 86_400.0


class Summary(NamedTuple):
    """What a list says of an execution. Times are in seconds since the epoch."""

    arn: str
    name: str
    function: str
    version: str
    status: str
    started: float
    ended: float | None


class Store(Protocol):
    """Keeps executions. Those that are open are also held by whoever runs them."""

    def save(self, execution: Execution) -> None:
        """Keep what has changed."""

    def load(self, arn: str) -> Execution | None:
        """Return an execution, None for an unknown ARN."""

    def named(self, function: str, version: str, name: str) -> str | None:
        """Return the ARN of the execution with this name."""

    def identified(self, execution_id: str) -> str | None:
        """Return the ARN of the execution with this id."""

    def summaries(self, function: str) -> Iterable[Summary]:
        """Return the executions of a function, the oldest first."""

    def unfinished(self) -> list[str]:
        """Return the ARNs of the executions that have not ended."""

    def delete(self, arn: str) -> None:
        """Forget an execution."""

    def forget_expired(self, now: float) -> None:
        """Forget the executions that ended before their retention period."""

    def close(self) -> None:
        """Let go of what the store holds."""


class MemoryStore:
    """Keeps executions as long as the emulator runs."""

    def __init__(self) -> None:
        self._executions: dict[str, Execution] = {}
        self._names: dict[tuple[str, str, str], str] = {}
        self._ids: dict[str, str] = {}
        self._ended: dict[str, None] = {}  # in the order in which they ended

    def save(self, execution: Execution) -> None:
        """Keep an execution."""
        origin = execution.origin
        self._executions[origin.arn] = execution
        self._names[origin.function, origin.version, origin.name] = origin.arn
        self._ids[origin.id] = origin.arn
        execution.dirty.clear()
        if not execution.open:
            self._ended[origin.arn] = None
            if len(self._ended) > MAX_ENDED:
                self.delete(next(iter(self._ended)))

    def load(self, arn: str) -> Execution | None:
        """Return an execution, None for an unknown ARN."""
        return self._executions.get(arn)

    def named(self, function: str, version: str, name: str) -> str | None:
        """Return the ARN of the execution with this name."""
        return self._names.get((function, version, name))

    def identified(self, execution_id: str) -> str | None:
        """Return the ARN of the execution with this id."""
        return self._ids.get(execution_id)

    def summaries(self, function: str) -> Iterable[Summary]:
        """Return the executions of a function, the oldest first."""
        for execution in self._executions.values():
            if execution.origin.function == function:
                yield summary_of(execution)

    def unfinished(self) -> list[str]:
        """Return the ARNs of the executions that have not ended."""
        return [arn for arn, execution in self._executions.items() if execution.open]

    def delete(self, arn: str) -> None:
        """Forget an execution."""
        self._ended.pop(arn, None)
        execution = self._executions.pop(arn, None)
        if execution is not None:
            origin = execution.origin
            self._ids.pop(origin.id, None)
            key = (origin.function, origin.version, origin.name)
            if self._names.get(key) == arn:
                del self._names[key]

    def forget_expired(self, now: float) -> None:
        """Forget the executions that ended before their retention period."""
        for arn in list(self._ended):
            if not expired(self._executions[arn], now):
                break  # those behind it ended later
            self.delete(arn)

    def close(self) -> None:
        """There is nothing to let go of."""


def expired(execution: Execution, now: float) -> bool:
    """Whether an execution has been kept for as long as it is to be."""
    moment = expiry(execution)
    return moment is not None and now > moment


def expiry(execution: Execution) -> float | None:
    """Return until when an execution is kept, None if it has not ended.

    Its own time may be ahead of the clock; it is kept by the clock.
    """
    if execution.ended is None:
        return None
    return execution.ended - execution.ahead + DAY * execution.origin.retention_days


def summary_of(execution: Execution) -> Summary:
    """Return what a list says of an execution."""
    origin = execution.origin
    return Summary(
        origin.arn,
        origin.name,
        origin.function,
        origin.version,
        execution.status,
        origin.started,
        execution.ended,
    )
