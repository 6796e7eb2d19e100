"""One durable execution as a state machine: what has happened, and what is to happen next.

It knows no clock, no process and no socket: each method takes the present time in seconds since
the epoch, changes the state and records the history. The rules are those of AWS's testing library
for durable functions, and of the chapter on durable functions in the Lambda developer guide.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from lambda_ric.emulator.durable import history
from lambda_ric.emulator.durable.history import Event, data, make_event
from lambda_ric.emulator.durable.operation import (
    SUCCEEDED,
    TIMED_OUT,
    ErrorObject,
    Operation,
    given,
    in_seconds,
)
from lambda_ric.emulator.durable.timers import Timers

RUNNING = "RUNNING"
PAUSING = "PAUSING"
PAUSED = "PAUSED"
OPEN_STATUSES = (RUNNING, PAUSING, PAUSED)


@dataclass(frozen=True, slots=True)
class Origin:
    """How an execution came to be; this never changes.

    `timeout` is in seconds. `parent_arn` and `parent_operation` name the chained invoke that waits
    for it, if one does.
    """

    arn: str
    id: str
    name: str
    function: str
    version: str
    input: str
    started: float
    timeout: int
    retention_days: int
    tenant_id: str | None = None
    trace_id: str | None = None
    parent_arn: str | None = None
    parent_operation: str | None = None


@dataclass(slots=True)
class Invocation:
    """The invocation that is under way. `token` is None once it may checkpoint no more.

    `begun_at` is the count of changes when its event was made.
    """

    request_id: str
    started: float
    begun_at: int
    token: str | None
    checkpoints: int = 0
    accepted: tuple[str | None, str] | None = None  # the last checkpoint: its client token, token
    answer: dict[str, Any] = field(default_factory=dict)  # to that checkpoint


@dataclass(slots=True)
class Pause:
    """A pause. `remaining` is the time that was left to the execution, if that clock stopped."""

    requested: float
    reason: str | None
    remaining: float | None


@dataclass(slots=True)
class Ending:
    """How an execution ends, or has ended."""

    status: str
    result: str | None = None
    error: ErrorObject | None = None


class Execution:
    """The state of one execution.

    `changes` counts the changes of operations; `seen` is the count up to which the handler has seen
    them in answers to checkpoints, `delivered` that up to which they were in the event of an
    invocation. `ahead` is how many seconds its time is ahead of the clock, because waits were
    skipped. `wanted` says that the handler is to be invoked.
    """

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.status = RUNNING
        self.ended: float | None = None
        self.ending: Ending | None = None
        self.operations: dict[str, Operation] = {}
        self._by_change: dict[str, None] = {}  # their ids; what changed last stands last
        self.events: list[Event] = []
        self.changes = self.seen = self.delivered = 0
        self.external = 0  # the count at the last change that no handler has made
        self.ahead = 0.0
        self.wanted = True
        self.invocation: Invocation | None = None
        self.failures = self.idle_answers = 0
        self.retry_due: float | None = None
        self.timeout_due: float | None = origin.started + origin.timeout
        self.pause: Pause | None = None
        self.timers = Timers(self)
        self.dirty: set[str] = set()  # operations that the store has not written yet
        self.stored_events = 0
        self.told = False  # whoever waits for its end knows of it

    @classmethod
    def start(cls, origin: Origin) -> Execution:
        """Return a new execution."""
        execution = cls(origin)
        details = {"Input": data(origin.input), "ExecutionTimeout": origin.timeout}
        event = make_event("ExecutionStarted", origin.started, details)
        execution.record(event | {"Id": origin.id, "Name": origin.name})
        execution.timers.set_all()
        return execution

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.status in OPEN_STATUSES

    @property
    def may_invoke(self) -> bool:
        """Whether the handler is to be invoked now."""
        return (
            self.wanted
            and self.status == RUNNING
            and self.invocation is None
            and self.retry_due is None
        )

    # Changes.

    def record(self, event: Event) -> None:
        """Append an event to the history."""
        self.events.append({"EventId": len(self.events) + 1, **event})

    def touch(self, operation: Operation) -> None:
        """Note that an operation has changed."""
        self.changes += 1
        operation.changed = self.changes
        self._by_change.pop(operation.id, None)
        self._by_change[operation.id] = None
        self.dirty.add(operation.id)

    def add(self, operation: Operation) -> None:
        """Add an operation that has just begun."""
        operation.position = len(self.operations)
        self.operations[operation.id] = operation

    def put_back(self, operations: list[Operation]) -> None:
        """Take the operations over from a store, in the order of their positions."""
        self.operations = {operation.id: operation for operation in operations}
        changes = sorted(operations, key=lambda operation: operation.changed)
        self._by_change = dict.fromkeys(operation.id for operation in changes)

    def changed_after(self, count: int) -> list[Operation]:
        """Return the operations that changed after a count, in the order in which they began.

        It takes as long as there are such operations, however many the execution has.
        """
        found = []
        for name in reversed(self._by_change):
            operation = self.operations[name]
            if operation.changed <= count:
                break
            found.append(operation)
        return sorted(found, key=lambda operation: operation.position)

    def change_from_outside(self, operation: Operation, now: float) -> None:
        """Note a change that no handler has made, and let the handler hear of it."""
        self.touch(operation)
        self.external = self.changes
        self.wanted = True
        if operation.ended is not None:
            self.record(history.operation_event(operation, now))

    def close(
        self,
        operation: Operation,
        status: str,
        now: float,
        result: str | None = None,
        error: ErrorObject | None = None,
    ) -> None:
        """End an operation from outside."""
        operation.status = status
        operation.ended = now
        operation.result = result
        operation.error = error
        operation.heartbeat_due = None
        self.change_from_outside(operation, now)

    def end(self, ending: Ending, now: float) -> None:
        """End the execution. Operations that are open stay as they are."""
        self.status = ending.status
        self.ending = ending
        self.ended = now
        self.wanted = False
        if self.invocation is not None:
            self.invocation.token = None
        if ending.status == SUCCEEDED:
            details: dict[str, Any] = {"Result": data(ending.result)}
        else:
            details = {"Error": data(ending.error)}
        kind = {"SUCCEEDED": "Succeeded", "FAILED": "Failed", "TIMED_OUT": "TimedOut"}
        name = f"Execution{kind.get(ending.status, 'Stopped')}"
        event = make_event(name, now, details)
        self.record(event | {"Id": self.origin.id, "Name": self.origin.name})

    def time_out(self, now: float) -> None:
        """End the execution because it took too long."""
        message = f"Execution timed out after {self.origin.timeout} seconds."
        error = {"ErrorType": "Execution.Timeout", "ErrorMessage": message}
        self.end(Ending(TIMED_OUT, error=error), now)

    def take_up(self, now: float) -> None:
        """Go on after the end of the emulator, and of the invocation that was under way."""
        if self.ending is not None and self.open:
            self.end(self.ending, now)
        self.settle_pause(now)

    # Invocations.

    def begin_invocation(self, request_id: str, now: float) -> list[str]:
        """Begin an invocation. Returns the operations that changed since the one before."""
        self.wanted = False
        invocation = Invocation(request_id, now, self.changes, None)
        self.invocation = invocation
        self.renew_token(invocation)
        updated = [operation.id for operation in self.changed_after(self.delivered)]
        self.delivered = self.changes
        return updated

    def renew_token(self, invocation: Invocation) -> str:
        """Give the invocation its next token."""
        invocation.checkpoints += 1
        text = f"{self.origin.id} {invocation.request_id} {invocation.checkpoints}"
        invocation.token = b64encode(text.encode()).decode()
        return invocation.token

    def has_news(self, invocation: Invocation) -> bool:
        """Whether something changed from outside that the invocation has not seen."""
        return self.external > max(invocation.begun_at, self.seen)

    def waits(self) -> bool:
        """Whether any operation waits for something outside the handler."""
        return any(operation.waits for operation in self.operations.values())

    # Pauses.

    def settle_pause(self, now: float) -> None:
        """Become PAUSED, once no invocation is under way."""
        if self.status == PAUSING and self.invocation is None:
            self.status = PAUSED
            self.record_pause(now)

    def record_pause(self, now: float) -> None:
        """Record that the execution has paused."""
        assert self.pause is not None
        details = {
            "PauseRequestTimestamp": in_seconds(self.pause.requested),
            "ExecutionTimeoutPaused": self.pause.remaining is not None,
            **given(Reason=data(self.pause.reason) if self.pause.reason else None),
        }
        self.record(make_event("ExecutionPaused", now, details))
