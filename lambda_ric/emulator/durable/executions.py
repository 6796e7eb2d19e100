"""All durable executions of an emulator: they begin here, and their time runs here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import uuid4

from lambda_ric.emulator import platform_errors
from lambda_ric.emulator.api_errors import ApiError
from lambda_ric.emulator.clock import Clock, Timer
from lambda_ric.emulator.durable import control, output
from lambda_ric.emulator.durable.chained import ChainedInvokes, awaits_target
from lambda_ric.emulator.durable.execution import Execution, Origin
from lambda_ric.emulator.durable.invoker import Invoker
from lambda_ric.emulator.durable.operation import SUCCEEDED
from lambda_ric.emulator.durable.output import report_of
from lambda_ric.emulator.durable.requests import StartRequest
from lambda_ric.emulator.durable.store import Store, expired
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import UNHANDLED, Outcome
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.scheduling.scheduler import Scheduler

SYNCHRONOUS_LIMIT = 900.0
"""Seconds that a synchronous invoke waits for an execution, which goes on after that."""

LONGEST_SLEEP = 3_600.0
"""Seconds between two looks at the time of an execution. Timers that are cancelled are kept until
they are due, so none is set for the time-out in a year."""

Waiter = Callable[[Outcome], None]


class Executions:
    """Runs the executions of `functions`, which are known by their names.

    With `skip_time` no execution waits for the end of a wait or of a delay.
    """

    def __init__(
        self,
        functions: Mapping[str, Scheduler],
        store: Store,
        clock: Clock,
        log: Log,
        *,
        skip_time: bool = False,
    ) -> None:
        self.functions = functions
        self.store = store
        self.clock = clock
        self._log = log
        self._skip_time = skip_time
        self.running: dict[str, Execution] = {}
        self._timers: dict[str, Timer] = {}
        self._waiters: dict[str, dict[Waiter, Timer]] = {}
        self.on_change: list[Callable[[Execution], None]] = []
        self.chained = ChainedInvokes(self)
        self.invoker = Invoker(functions, clock, self.invocation_ended, self.chained.ended)
        self.closed = False

    # Beginning and end.

    def restore(self) -> None:
        """Go on with the executions that had not ended when the store was closed, or killed."""
        for arn in self.store.unfinished():
            execution = self.store.load(arn)
            if execution is not None and execution.origin.function in self.functions:
                self.running[arn] = execution
        for execution in list(self.running.values()):
            execution.take_up(self.now(execution))
            self.chained.take_up(execution)
            self.settle(execution)

    def close(self) -> None:
        """Stop. What has not ended stays as it is in the store."""
        self.closed = True
        for timer in self._timers.values():
            timer.cancel()
        for arn, waiters in self._waiters.items():
            for waiter in waiters:
                waiter(platform_errors.stopped(arn.rpartition("/")[2]))
        self._waiters.clear()
        self.store.close()

    def start(self, request: StartRequest, waiter: Waiter | None = None) -> str:
        """Start an execution, or find the one that was started with the same name and input.

        Returns its ARN. `waiter` is called with its outcome, or with an error after fifteen
        minutes. Raises ApiError for a name that is taken by an execution with other input.
        """
        self.forget_expired()
        name = request.name or str(uuid4())
        known = self.store.named(request.function.name, request.version, name)
        if known is not None:
            execution = self.get(known)
            if execution.origin.input != request.input:
                raise ApiError(
                    409,
                    "DurableExecutionAlreadyStartedException",
                    f"An execution with the name {name} was started with other input.",
                    key="Message",
                )
            self._wait(execution, waiter)
            return known
        execution = self.begin(request, self.new_arn(request.function, request.version, name))
        self._wait(execution, waiter)
        self.settle(execution)
        return execution.origin.arn

    def begin(
        self, request: StartRequest, arn: str, parent: tuple[Execution, str] | None = None
    ) -> Execution:
        """Begin an execution, for the operation of a parent if one has invoked it."""
        config = request.function.durable
        assert config is not None
        _, name, execution_id = arn.rsplit("/", 2)
        origin = Origin(
            arn,
            execution_id,
            name,
            request.function.name,
            request.version,
            request.input,
            self.clock.wall_time() + (parent[0].ahead if parent else 0.0),
            config.execution_timeout,
            config.retention_days,
            request.tenant_id,
            request.trace_id,
            parent[0].origin.arn if parent else None,
            parent[1] if parent else None,
        )
        execution = Execution.start(origin)
        if parent:
            execution.ahead = parent[0].ahead
        self.running[arn] = execution
        return execution

    def new_arn(self, function: FunctionConfig, version: str, name: str) -> str:
        """Return the ARN of an execution that is about to begin."""
        return f"{function.arn(version)}/durable-execution/{name}/{uuid4()}"

    def _wait(self, execution: Execution, waiter: Waiter | None) -> None:
        if waiter is None:
            return
        if not execution.open:
            waiter(_outcome(execution))
            return
        waiters = self._waiters.setdefault(execution.origin.arn, {})

        def give_up() -> None:
            del waiters[waiter]
            waiter(_waited_too_long(execution))

        waiters[waiter] = self.clock.after(SYNCHRONOUS_LIMIT, give_up)

    # Access.

    def get(self, arn: str) -> Execution:
        """Return an execution. Raises ApiError for an unknown ARN."""
        execution = self.running.get(arn) or self.store.load(arn)
        if execution is not None and expired(execution, self.clock.wall_time()):
            self.store.delete(arn)
            execution = None
        if execution is None:
            message = f"Durable execution not found: {arn[:1_024]}"
            raise ApiError(404, "ResourceNotFoundException", message, key="Message")
        return execution

    def now(self, execution: Execution) -> float:
        """Return the time of an execution, which has skipped its waits if it was to."""
        return self.clock.wall_time() + execution.ahead

    def forget(self, execution: Execution) -> None:
        """Delete an execution that has ended. Raises ApiError for any other."""
        control.check_deletable(execution)
        self.store.delete(execution.origin.arn)

    def forget_expired(self) -> None:
        """Forget the executions whose retention period is over."""
        self.store.forget_expired(self.clock.wall_time())

    # Progress.

    def settle(self, execution: Execution) -> None:
        """Keep what happened to an execution, and do what follows from it."""
        if self.closed:
            return
        if self._skip_time:
            self._skip(execution)
        if execution.may_invoke:
            self.invoker.invoke(execution, self.now(execution))
        self.store.save(execution)
        if execution.open:
            self._set_timer(execution)
        else:
            self._ended(execution)
        for listener in list(self.on_change):  # some of them have heard enough then
            listener(execution)

    def catch_up(self, execution: Execution) -> None:
        """Let everything happen that is due."""
        if execution.timers.fire(self.now(execution)):
            self.settle(execution)

    def _set_timer(self, execution: Execution) -> None:
        """Wake up when something is due. A timer that wakes up before that stays as it is."""
        due = execution.timers.next_due()
        if execution.invocation is not None:
            due = execution.timeout_due  # the next checkpoint, or its end, lets the rest happen
        if due is None:
            return
        arn = execution.origin.arn
        moment = self.clock.now() + min(due - self.now(execution), LONGEST_SLEEP)
        timer = self._timers.get(arn)
        if timer is None or timer.moment > moment:
            self._cancel_timer(execution)
            self._timers[arn] = self.clock.at(moment, lambda: self._fire(execution))

    def _cancel_timer(self, execution: Execution) -> None:
        timer = self._timers.pop(execution.origin.arn, None)
        if timer is not None:
            timer.cancel()

    def _fire(self, execution: Execution) -> None:
        del self._timers[execution.origin.arn]
        self.catch_up(execution)
        if execution.open and execution.origin.arn not in self._timers:
            self._set_timer(execution)

    def _skip(self, execution: Execution) -> None:
        """Put the time of an execution forward to its next event, when nothing else can happen."""
        while (
            execution.open
            and execution.invocation is None
            and not execution.may_invoke
            and not awaits_target(execution)
        ):
            until = execution.timers.next_skippable()
            if until is None or execution.pause is not None:
                return
            due = execution.timers.next_due()
            moment = until if due is None else min(until, due)
            execution.ahead += max(0.0, moment - self.now(execution))
            execution.timers.fire(moment)

    def _ended(self, execution: Execution) -> None:
        self._cancel_timer(execution)
        arn = execution.origin.arn
        if execution.invocation is None:
            self.running.pop(arn, None)
        waiters = self._waiters.pop(arn, {})
        if execution.ending is not None and not execution.told:
            execution.told = True
            text = f"durable execution {execution.origin.name}: {execution.status}"
            self._log.emit(platform_events.notice(text))
            self.chained.child_ended(execution)
        for waiter, timer in waiters.items():
            timer.cancel()
            waiter(_outcome(execution))

    def invocation_ended(self, execution: Execution, outcome: Outcome) -> None:
        """Take in how an invocation of a handler ended."""
        if self.closed:  # the handler was ended with the emulator, and is invoked by the next one
            return
        now = self.now(execution)
        if outcome.error_type is None:
            output.invocation_answered(execution, outcome.payload, now)
        else:
            output.invocation_failed(execution, outcome.payload, now)
        self.settle(execution)


def _outcome(execution: Execution) -> Outcome:
    """Return how a synchronous invoke ends with its execution."""
    ending = execution.ending
    assert ending is not None
    if ending.status == SUCCEEDED:
        return Outcome((ending.result or "null").encode())
    error = ending.error or {}
    return Outcome(report_of(error), error.get("ErrorType") or UNHANDLED, "error")


def _waited_too_long(execution: Execution) -> Outcome:
    message = platform_errors.timed_out(SYNCHRONOUS_LIMIT)
    body = platform_errors.about(execution.origin.id, platform_errors.TIMED_OUT, message)
    return Outcome(body, platform_errors.TIMED_OUT, "timeout")
