"""An execution driven at random, beside a simple model of what its operations must become."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.durable import control, output
from lambda_ric.emulator.durable.checkpoint import Target, checkpoint
from lambda_ric.emulator.durable.execution import PAUSED, PAUSING, RUNNING, Ending
from lambda_ric.emulator.durable.pages import first_page
from lambda_ric.emulator.durable.sqlite_store import SqliteStore
from lambda_ric.emulator.durable.store import MemoryStore
from lambda_ric.emulator.durable.updates import read_updates
from tests.emulator.durable.test_machine import new_execution, update

pytestmark = pytest.mark.slow

Members = dict[str, Any]

IDS = st.sampled_from("abcdef")
KINDS = st.sampled_from(("STEP", "WAIT", "CALLBACK", "CONTEXT", "CHAINED_INVOKE"))
ACTIONS = st.sampled_from(("START", "SUCCEED", "FAIL", "RETRY", "CANCEL"))

WAIT, RETRY, TIMEOUT, HEARTBEAT = 5, 2, 7, 3
OPTIONS: Members = {
    "WaitOptions": {"WaitSeconds": WAIT},
    "CallbackOptions": {"TimeoutSeconds": TIMEOUT, "HeartbeatTimeoutSeconds": HEARTBEAT},
    "ChainedInvokeOptions": {"FunctionName": "f"},
}

CLOSED = {"SUCCEED": "SUCCEEDED", "FAIL": "FAILED"}
STEP_ENDS = {**CLOSED, "RETRY": "PENDING"}
START = {"START": "STARTED"}
NEW = None

# What each action makes of an operation: by its type, and its status before.
BECOMES: dict[str, dict[str | None, dict[str, str]]] = {
    "STEP": {NEW: START | STEP_ENDS, "STARTED": STEP_ENDS, "READY": START | STEP_ENDS},
    "CONTEXT": {NEW: START | CLOSED, "STARTED": CLOSED},
    "WAIT": {NEW: START, "STARTED": {"CANCEL": "CANCELLED"}},
    "CALLBACK": {NEW: START},
    "CHAINED_INVOKE": {NEW: START},
}


class Expected:
    """One operation in the model. `due` has what happens to it by itself: moments and statuses."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.status: str | None = NEW
        self.due: dict[str, float] = {}

    def act(self, action: str, now: float) -> None:
        """Become what an action of the handler makes of it."""
        self.become(BECOMES[self.kind][self.status][action])
        if self.kind == "WAIT" and self.status == "STARTED":
            self.due = {"SUCCEEDED": now + WAIT}
        elif self.kind == "CALLBACK":
            self.due = {"TIMED_OUT": now + TIMEOUT, "silent": now + HEARTBEAT}
        elif self.status == "PENDING":
            self.due = {"READY": now + RETRY}

    def become(self, status: str) -> None:
        """Change the status; what was due is not due any more."""
        self.status = "TIMED_OUT" if status == "silent" else status
        self.due = {}

    def fire(self, now: float) -> bool:
        """Let happen what is due. Returns whether anything was."""
        moment, status = min(
            ((moment, status) for status, moment in self.due.items()), default=(now + 1, "")
        )
        if moment <= now:
            self.become(status)
        return moment <= now


class Machine(RuleBasedStateMachine):
    """Random updates, timers, callbacks, crashes, pauses and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.execution = new_execution()
        self.now = 0.0
        self.model: dict[str, Expected] = {}
        self.requests = 0
        self.tokens: list[str] = []  # all that were ever valid
        self.unheard: set[str] = set()  # what changed since the handler last asked
        self.unseen = False  # something changed that no invocation knows of
        self.last: tuple[str, list[Members], Members] | None = None  # an accepted call, its answer
        self.memory = MemoryStore()
        self.file = SqliteStore(":memory:")
        self.keep()

    def teardown(self) -> None:
        self.file.close()

    def keep(self) -> None:
        """Save the execution, as the emulator does after each change."""
        self.memory.save(self.execution)
        self.execution.dirty = set(self.execution.operations)  # the first store has emptied it
        self.file.save(self.execution)

    @property
    def invoked(self) -> bool:
        """Whether an invocation may checkpoint."""
        invocation = self.execution.invocation
        return self.execution.open and invocation is not None and invocation.token is not None

    def changed_outside(self, names: set[str]) -> None:
        self.unheard |= names
        self.unseen = self.unseen or bool(names)

    def whole(self) -> str:
        """Return everything that a refused call must leave as it was."""
        execution = self.execution
        operations = [asdict(operation) for operation in execution.operations.values()]
        invocation = execution.invocation and asdict(execution.invocation)
        return json.dumps([execution.status, operations, execution.events, invocation])

    # The handler.

    @precondition(lambda self: self.execution.may_invoke)
    @rule()
    def begin(self) -> None:
        self.requests += 1
        self.execution.begin_invocation(str(self.requests), self.now)
        state = json.loads(json.dumps(first_page(self.execution)))
        delivered = {operation["Id"]: operation["Status"] for operation in state["Operations"][1:]}
        assert delivered == {name: expected.status for name, expected in self.model.items()}
        assert self.execution.invocation is not None
        self.tokens.append(self.execution.invocation.token or "")
        self.unseen, self.last = False, None
        self.keep()

    @precondition(lambda self: self.invoked)
    @rule(calls=st.lists(st.tuples(IDS, KINDS, ACTIONS), max_size=3), client=st.booleans())
    def report(self, calls: list[tuple[str, str, str]], client: bool) -> None:
        sent = [update(name, kind, action, **OPTIONS) for name, kind, action in calls]
        for members in sent:
            if members["Action"] == "RETRY":
                members["StepOptions"] = {"NextAttemptDelaySeconds": RETRY}
        before = self.whole()
        token = self.tokens[-1]
        try:
            answer, _ = self.call(token, sent, "c" if client else None)
        except ApiError:
            assert not self.allowed(calls)
            assert self.whole() == before
            return
        assert self.allowed(calls)
        for name, kind, action in calls:
            self.model.setdefault(name, Expected(kind)).act(action, self.now)
        told = {member["Id"] for member in answer["NewExecutionState"]["Operations"]}
        assert told == self.unheard | {name for name, _, _ in calls}
        self.unheard, self.unseen = set(), False
        self.last = (token, sent, answer) if client else None
        if "CheckpointToken" in answer:
            self.tokens.append(answer["CheckpointToken"])
        else:
            assert self.execution.status == PAUSING
        self.keep()

    def call(self, token: str, sent: list[Members], client: str | None) -> tuple[Members, Any]:
        return checkpoint(
            self.execution, token, client, read_updates(sent), lambda name: Target("1"), self.now
        )

    def allowed(self, calls: list[tuple[str, str, str]]) -> bool:
        """Say by the model whether a batch is allowed."""
        seen: dict[str, str] = {}
        for name, kind, action in calls:
            known = self.model.get(name) or Expected(kind)
            # A step or a context may begin and end in one batch; everything else comes once.
            if name in seen:
                after_start = seen[name] == f"{kind} START" and kind in ("STEP", "CONTEXT")
                if not after_start or action not in (STEP_ENDS if kind == "STEP" else CLOSED):
                    return False
            elif known.kind != kind or action not in BECOMES[kind].get(known.status, {}):
                return False
            seen[name] = f"{kind} {action}"
        return True

    @precondition(lambda self: self.last is not None and self.execution.invocation is not None)
    @rule()
    def report_the_same_again(self) -> None:
        assert self.last is not None
        token, sent, answer = self.last
        before = self.whole()
        again, chained = self.call(token, sent, "c")
        assert json.dumps(again) == json.dumps(answer)
        assert chained == []
        assert self.whole() == before

    @precondition(lambda self: self.tokens)
    @rule(data=st.data())
    def use_a_stale_token(self, data: st.DataObject) -> None:
        valid = self.tokens[-1] if self.invoked else ""
        stale = [token for token in (*self.tokens[-3:], "", "foreign") if token != valid]
        before = self.whole()
        with pytest.raises(ApiError, match=r"^Invalid checkpoint token"):
            self.call(data.draw(st.sampled_from(stale)), [], None)
        assert self.whole() == before

    @precondition(lambda self: self.execution.invocation is not None)
    @rule()
    def crash(self) -> None:
        self.execution.failures = 0
        was_open = self.execution.open
        body = b'{"errorType": "Runtime.ExitError", "errorMessage": "exit"}'
        output.invocation_failed(self.execution, body, self.now)
        assert self.execution.open == was_open
        self.keep()

    @precondition(lambda self: self.execution.invocation is not None)
    @rule()
    def suspend(self) -> None:
        self.execution.idle_answers = 0
        was_open = self.execution.open
        output.invocation_answered(self.execution, b'{"Status": "PENDING"}', self.now)
        assert self.execution.open == was_open
        self.keep()

    @precondition(lambda self: self.execution.invocation is not None and self.requests > 5)
    @rule(status=st.sampled_from(("SUCCEEDED", "FAILED")))
    def finish(self, status: str) -> None:
        was_open = self.execution.open
        output.invocation_answered(
            self.execution, json.dumps({"Status": status}).encode(), self.now
        )
        assert not self.execution.open
        assert not was_open or self.execution.status == status
        self.keep()

    # Everybody else.

    @rule(seconds=st.floats(0.1, 10.0))
    def let_time_pass(self, seconds: float) -> None:
        self.now += seconds
        self.execution.timers.fire(self.now)
        if self.execution.open:
            fired = {name for name, expected in self.model.items() if expected.fire(self.now)}
            self.changed_outside(fired)
        self.keep()

    @rule(name=IDS, status=st.sampled_from(("SUCCEEDED", "FAILED")))
    def complete(self, name: str, status: str) -> None:
        expected = self.model.get(name)
        try:
            operation = control.open_callback(self.execution, name)
        except ApiError:
            is_callback = expected is not None and expected.kind == "CALLBACK"
            assert not (is_callback and expected.status == "STARTED" and self.execution.open)  # type: ignore[union-attr]
            return
        assert expected is not None
        self.execution.close(operation, status, self.now)
        expected.become(status)
        self.changed_outside({name})
        self.keep()

    @rule(name=IDS)
    def beat(self, name: str) -> None:
        expected = self.model.get(name)
        if expected is not None and "silent" in expected.due and self.execution.open:
            operation = control.open_callback(self.execution, name)
            control.heartbeat(self.execution, operation, self.now)
            expected.due["silent"] = self.now + HEARTBEAT
            self.keep()

    @rule(name=IDS, status=st.sampled_from(("SUCCEEDED", "FAILED", "TIMED_OUT")))
    def end_target(self, name: str, status: str) -> None:
        expected = self.model.get(name)
        if expected is None or expected.kind != "CHAINED_INVOKE":
            return
        control.finish_target(self.execution, name, Ending(status), self.now)
        if expected.status == "STARTED" and self.execution.open:
            expected.become(status)
            self.changed_outside({name})
        self.keep()

    @rule(stop_clock=st.booleans())
    def pause(self, stop_clock: bool) -> None:
        if self.execution.status == RUNNING:
            control.pause(self.execution, None, stop_clock, self.now)
            busy = self.execution.invocation is not None
            assert self.execution.status == (PAUSING if busy else PAUSED)
            self.keep()
        else:
            with pytest.raises(ApiError):
                control.pause(self.execution, None, stop_clock, self.now)

    @rule()
    def resume(self) -> None:
        if self.execution.status in (PAUSING, PAUSED):
            control.resume(self.execution, None, self.now)
            assert self.execution.status == RUNNING
            self.keep()
        else:
            with pytest.raises(ApiError):
                control.resume(self.execution, None, self.now)

    @precondition(lambda self: self.requests > 5)
    @rule()
    def stop(self) -> None:
        was_open = self.execution.open
        control.stop(self.execution, None, self.now)
        assert not was_open or self.execution.status == "STOPPED"
        control.check_deletable(self.execution)
        self.keep()

    @rule()
    def restart(self) -> None:
        """Kill the emulator, and start it again with the same file."""
        known = self.memory.load("arn")
        read = self.file.load("arn")
        assert known is self.execution
        assert read is not None
        assert list(read.operations.items()) == list(known.operations.items())
        assert (read.events, read.status) == (known.events, known.status)
        assert (read.changes, read.seen) == (known.changes, known.seen)
        interrupted = known.invocation is not None
        read.take_up(self.now)
        assert read.status != PAUSING
        self.execution, self.last = read, None
        assert not (interrupted and read.open) or read.wanted
        self.keep()

    # What always holds.

    @invariant()
    def operations_are_as_the_model_has_them(self) -> None:
        operations = self.execution.operations
        assert {name: operation.status for name, operation in operations.items()} == {
            name: expected.status for name, expected in self.model.items()
        }

    @invariant()
    def each_operation_ends_once(self) -> None:
        events = self.execution.events
        assert [event["EventId"] for event in events] == list(range(1, len(events) + 1))
        kinds = ("Wait", "Callback", "Context", "ChainedInvoke")
        counts = Counter(
            (event["Id"], event["EventType"].endswith("Started"))
            for event in events
            if event["EventType"].startswith(kinds)
        )
        assert set(counts.values()) <= {1}

    @invariant()
    def nothing_is_lost(self) -> None:
        execution = self.execution
        if execution.status == RUNNING and execution.invocation is None:
            if self.unseen:
                assert execution.wanted
            waits = any(expected.due for expected in self.model.values()) or any(
                expected.kind == "CHAINED_INVOKE" and expected.status == "STARTED"
                for expected in self.model.values()
            )
            assert execution.wanted or execution.retry_due is not None or waits

    @invariant()
    def nothing_is_overdue(self) -> None:
        due = self.execution.timers.next_due()
        assert not self.execution.open or due is None or due > self.now


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
