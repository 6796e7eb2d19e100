"""An execution environment at work: a process, its Runtime API listener, and its life.

It drives `lifecycle` and carries out its effects. It knows one invocation at a time, and nothing
of the other environments: its owner decides what it gets, and hears when it is ready or gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from lambda_ric.emulator import faults, lifecycle
from lambda_ric.emulator.answer import Answer, error_outcome
from lambda_ric.emulator.child_environment import child_environment
from lambda_ric.emulator.exchange import Exchange, Wire
from lambda_ric.emulator.extensions import Extensions
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import Invoke, Outcome
from lambda_ric.emulator.journal import Journal
from lambda_ric.emulator.lifecycle import Effect, Event, Phase
from lambda_ric.emulator.process import Child, Guard, exit_reason
from lambda_ric.emulator.runtime_server import RuntimeApi, accept, refuse
from lambda_ric.emulator.server import HttpServer, Limits
from lambda_ric.emulator.turn import MEBIBYTE, Turn

MEMORY_SECONDS = 0.25
"""How often the memory of a busy process group is looked at."""

_RUNTIME_LIMITS = Limits(
    connections=200,
    body_seconds=None,  # a stream may pause as long as the invocation lasts
    idle_seconds=None,  # runtimes keep their connection while they are frozen
    unread_seconds=None,
)


class Owner(Protocol):
    """Who decides over an environment."""

    def ready(self, environment: Environment) -> None:
        """It can take an invocation."""

    def init_failed(self, environment: Environment, outcome: Outcome | None) -> None:
        """Its runtime did not load, and no invocation was taken; None when time was up."""

    def rejected(self, environment: Environment, invoke: Invoke) -> None:
        """It did not take the invocation that it was given."""

    def gone(self, environment: Environment) -> None:
        """Nothing is left of it."""


class Environment:
    """One execution environment of a function; `runtime_api` is where its API shall listen."""

    def __init__(
        self,
        function: FunctionConfig,
        owner: Owner,
        journal: Journal,
        guard: Guard,
        runtime_api: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        self.function = function
        self.extensions = Extensions(function)
        self._owner = owner
        self._journal = journal
        self._guard = guard
        self._address = runtime_api
        self._loop = asyncio.get_running_loop()
        self._server = HttpServer(RuntimeApi(self), _RUNTIME_LIMITS)
        self._child: Child | None = None
        self._exit_type, self._exit_reason = faults.EXITED, exit_reason(-9)
        self._polls: list[Exchange] = []
        self._served: Wire | None = None  # the connection that got the invocation
        self._invoke: Invoke | None = None
        self._turn: Turn | None = None
        self._answer: Answer | None = None
        self._posted = Outcome(b"")  # the error that was posted last
        self._begun_at = self._loop.time()
        self._init_duration: float | None = None
        self._memory_seen_at = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._memory_timer: asyncio.TimerHandle | None = None
        limits = lifecycle.Limits(invoke=function.timeout)
        self._life = lifecycle.begin(limits, self._begun_at)
        self._arm()

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        return self._life.phase

    async def start(self, endpoint: str | None) -> None:
        """Listen, and start the process; `endpoint` is the emulator's own URL.

        Raises OSError when the address of the Runtime API cannot be had.
        """
        await self._server.start(*self._address)
        if self.phase is Phase.STOPPING:
            self._apply(Event.EXIT)
            return
        runtime_api = f"{self._server.host}:{self._server.port}"
        try:
            self._child = Child(
                self.function.command,
                child_environment(self.function, runtime_api, endpoint),
                self.function.directory,
                self._guard,
                self._journal.output,
                self._exited,
            )
        except OSError as error:
            command = " ".join(self.function.command)
            self._exit_type = faults.INVALID_ENTRYPOINT
            self._exit_reason = f"cannot start {command!r}: {error.strerror or error}"
            self._apply(Event.EXIT)
        else:
            self._watch_memory()

    def invoke(self, invoke: Invoke) -> None:
        """Serve an invoke, at once or when the runtime has loaded."""
        self._invoke = invoke
        self._apply(Event.INVOKE, request_id=invoke.request_id)
        if self.phase is Phase.INIT_IN_INVOKE:
            self._begin_turn(invoke)

    def decline(self, invoke: Invoke, outcome: Outcome) -> None:
        """Settle an invoke that cannot be served, because the runtime did not load."""
        turn = Turn(invoke, self.function, self._journal, self._loop.time)
        if not outcome.payload and outcome.error_type:
            outcome = turn.fault(outcome.error_type, self._exit_reason)
        turn.finish(outcome, None, self._memory())

    def stop(self) -> None:
        """End it, and the invocation that it serves."""
        self._apply(Event.STOP)

    # What the runtime asks, through its API.

    def next_asked(self, exchange: Exchange) -> None:
        """The runtime waits for an invocation."""
        self._polls.append(exchange)
        exchange.on_gone = lambda: self._poll_lost(exchange)
        served = self._served
        if self.phase is Phase.RUNNING and served and served.alive and served is not exchange.wire:
            return  # another worker of the runtime has the invocation
        self._apply(Event.NEXT, exchange)

    def response_begins(self, exchange: Exchange, request_id: str) -> None:
        """The runtime posts a result; its body is still to come."""
        self._apply(Event.RESPONSE_BEGINS, exchange, request_id)

    def error_posted(self, exchange: Exchange, request_id: str, body: bytes) -> None:
        """The runtime posts the error of the invocation."""
        self._posted = error_outcome(exchange, body)
        self._apply(Event.ERROR, exchange, request_id)

    def init_error_posted(self, exchange: Exchange, body: bytes) -> None:
        """The runtime cannot load."""
        self._posted = error_outcome(exchange, body)
        self._apply(Event.INIT_ERROR, exchange)

    def restore_asked(self, exchange: Exchange) -> None:
        """The runtime is ready for its snapshot."""
        self._apply(Event.RESTORE_NEXT, exchange)

    def restore_error_posted(self, exchange: Exchange, body: bytes) -> None:
        """The runtime cannot go on after a restore."""
        self._posted = error_outcome(exchange, body)
        self._apply(Event.RESTORE_ERROR, exchange)

    # What else happens to it.

    def _poll_lost(self, exchange: Exchange) -> None:
        self._polls.remove(exchange)
        if not self._polls:
            self._apply(Event.NEXT_LOST)

    def _exited(self, status: int) -> None:
        self._exit_reason = exit_reason(status)
        if self.phase in (Phase.IDLE, Phase.RETURNING):
            self._journal.fault(self._exit_reason)
        self._apply(Event.EXIT)

    def _time_up(self) -> None:
        self._timer = None
        if lifecycle.expired(self._life, self._loop.time()):
            self._apply(Event.EXPIRED)
        else:
            self._arm()

    def _arm(self) -> None:
        """Wake up at the deadline or before: waking early costs less than a new timer each time."""
        deadline = self._life.deadline
        if deadline is not None and (self._timer is None or deadline < self._timer.when()):
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(deadline, self._time_up)

    def _watch_memory(self) -> None:
        """Look at the memory again and again, as long as the environment is busy."""
        self._memory_timer = None
        if self.phase in (Phase.IDLE, Phase.DEAD):
            return
        if self._memory() > self.function.memory * MEBIBYTE and self.function.limit_memory:
            self._apply(Event.OUT_OF_MEMORY)
        self._memory_timer = self._loop.call_later(MEMORY_SECONDS, self._watch_memory)

    def _memory(self) -> int:
        self._memory_seen_at = self._loop.time()
        return self._child.peak_memory() if self._child else 0

    # The state machine, and what it wants done.

    def _apply(
        self, event: Event, exchange: Exchange | None = None, request_id: str | None = None
    ) -> None:
        self._life, effects = lifecycle.step(self._life, event, self._loop.time(), request_id)
        for effect in effects:
            if effect in _REFUSALS:
                assert exchange is not None
                self._refuse(exchange, effect)
            elif effect in lifecycle.SETTLING:
                self._settle(effect)
            else:
                _CARRY_OUT[effect](self, exchange)
        self._arm()
        if self.phase is Phase.RETURNING and self._polls:
            self._apply(Event.NEXT, self._polls[-1])

    def _refuse(self, exchange: Exchange, effect: Effect) -> None:
        if exchange in self._polls:
            self._polls.remove(exchange)
            exchange.on_gone = None
        status, error_type, message = _REFUSALS[effect]
        refuse(exchange, status, error_type, message.format(self.phase.value))

    def _accept(self, exchange: Exchange | None) -> None:
        assert exchange is not None
        accept(exchange)

    def _release_restore(self, exchange: Exchange | None) -> None:
        assert exchange is not None
        exchange.respond(200)

    def _open_response(self, exchange: Exchange | None) -> None:
        assert exchange is not None
        assert self._turn is not None
        self._answer = exchange.consumer = Answer(exchange, self._turn.invoke, self._apply)

    def _reject(self, _: Exchange | None) -> None:
        assert self._invoke is not None
        invoke, self._invoke = self._invoke, None
        self._owner.rejected(self, invoke)

    def _report_init(self, _: Exchange | None) -> None:
        self.extensions.closed = True
        self._memory_seen_at = 0.0  # what it takes now is worth a look
        if self.phase is Phase.IDLE:  # else its time is part of the invocation's
            self._init_duration = self._age()

    def _ready(self, _: Exchange | None) -> None:
        self._owner.ready(self)

    def _deliver(self, _: Exchange | None) -> None:
        assert self._invoke is not None
        if self._turn is None:
            self._begin_turn(self._invoke)
        poll = self._polls.pop()
        self._served = poll.wire
        invocation = self._invoke.invocation
        poll.respond(200, invocation.to_fields(), invocation.payload)
        self.extensions.tell(invocation)

    def _begin_turn(self, invoke: Invoke) -> None:
        self._turn = Turn(invoke, self.function, self._journal, self._loop.time)
        if self._memory_timer is None:
            self._memory_timer = self._loop.call_later(MEMORY_SECONDS, self._watch_memory)

    def _settle(self, effect: Effect) -> None:
        """Take the last output, report, and tell the caller how the invocation ended."""
        turn, self._turn, self._invoke = self._turn, None, None
        assert turn is not None
        if self._child is not None:
            self._child.drain()
        outcome = self._outcome(turn, effect)
        init_duration, self._init_duration = self._init_duration, None
        if self._child is None or self._loop.time() - self._memory_seen_at > MEMORY_SECONDS / 2:
            self._memory()
        turn.finish(outcome, init_duration, self._child.peak if self._child else 0)

    def _outcome(self, turn: Turn, effect: Effect) -> Outcome:
        if effect is Effect.SETTLE_RESPONSE:
            assert self._answer is not None
            return self._answer.outcome
        if effect in (Effect.SETTLE_ERROR, Effect.SETTLE_INIT_ERROR):
            return self._posted
        if effect is Effect.SETTLE_TOO_LARGE:
            return Outcome(faults.too_large(turn.invoke.size), faults.TOO_LARGE, "error")
        if effect is Effect.SETTLE_TIMEOUT:
            return turn.fault(faults.TIMED_OUT, faults.timed_out(self.function.timeout))
        if effect is Effect.SETTLE_TRUNCATED:
            return turn.fault(faults.TRUNCATED, "the runtime sent only a part of its response")
        if effect is Effect.SETTLE_STOPPED:
            return turn.fault(faults.STOPPED, "the emulator was stopped")
        return turn.fault(self._exit_type, self._exit_reason)

    def _fail_init(self, status: str, outcome: Outcome | None) -> None:
        if self._child is not None:
            self._child.drain()
        error_type = outcome.error_type if outcome else None
        self._journal.init_report(self._age(), status, error_type)
        self._owner.init_failed(self, outcome)

    def _fail_init_exit(self, _: Exchange | None) -> None:
        self._journal.fault(self._exit_reason)
        self._fail_init("error", Outcome(b"", self._exit_type, "error"))

    def _terminate(self, _: Exchange | None) -> None:
        if self._child is not None:
            if self.extensions.registered:
                self._child.terminate()
            else:
                self._child.kill()

    def _kill(self, _: Exchange | None) -> None:
        if self._child is not None:
            self._child.kill()

    def _ended(self, _: Exchange | None) -> None:
        self._server.close()
        for timer in (self._timer, self._memory_timer):
            if timer is not None:
                timer.cancel()
        self._journal.flush()
        self._owner.gone(self)

    def _age(self) -> float:
        """Milliseconds since it began."""
        return 1_000 * (self._loop.time() - self._begun_at)


_REFUSALS = {
    Effect.REFUSE_STATE: (
        403,
        "InvalidStateTransition",
        "State transition from {} failed for runtime. Error: State transition is not allowed",
    ),
    Effect.REFUSE_ID: (400, "InvalidRequestID", "Invalid request ID"),
    Effect.REFUSE_LATE: (410, "InvokeTimeout", "Invoke timeout"),
    Effect.REFUSE_SIZE: (413, "RequestEntityTooLarge", faults.TOO_LARGE_FOR_RUNTIME),
}

_CARRY_OUT: dict[Effect, Callable[[Environment, Exchange | None], None]] = {
    Effect.ACCEPT: Environment._accept,
    Effect.RELEASE_RESTORE: Environment._release_restore,
    Effect.OPEN_RESPONSE: Environment._open_response,
    Effect.REJECT: Environment._reject,
    Effect.REPORT_INIT: Environment._report_init,
    Effect.READY: Environment._ready,
    Effect.DELIVER: Environment._deliver,
    Effect.FAIL_INIT_ERROR: lambda one, _: one._fail_init("error", one._posted),
    Effect.FAIL_INIT_TIMEOUT: lambda one, _: one._fail_init("timeout", None),
    Effect.FAIL_INIT_EXIT: Environment._fail_init_exit,
    Effect.TERMINATE: Environment._terminate,
    Effect.KILL: Environment._kill,
    Effect.ENDED: Environment._ended,
}
