"""An execution environment at work: a process, its Runtime API listener, and its life.

It drives `lifecycle` and carries out its effects. It knows one invocation at a time, and nothing
of the other environments: its owner decides what it gets, and hears when it is ready or gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from lambda_ric.emulator import lifecycle, platform_errors
from lambda_ric.emulator.environment.deadline import Alarm
from lambda_ric.emulator.environment.init_timing import (
    NO_SNAPSHOT,
    Durations,
    InitTiming,
    limits_of,
)
from lambda_ric.emulator.environment.memory import MemoryWatch
from lambda_ric.emulator.environment.owner import Owner
from lambda_ric.emulator.environment.process import Child, Guard, exit_reason
from lambda_ric.emulator.environment.running_invoke import MEBIBYTE, RunningInvoke, nothing
from lambda_ric.emulator.environment.variables import function_variables
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.http.exchange import Exchange, Wire
from lambda_ric.emulator.http.server import HttpServer
from lambda_ric.emulator.invoke import Invoke, Outcome
from lambda_ric.emulator.lifecycle import Effect, Event, Phase
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.runtime_api.endpoint import (
    REFUSALS,
    RUNTIME_LIMITS,
    RuntimeApiEndpoint,
    accept,
    refuse,
    release,
)
from lambda_ric.emulator.runtime_api.extensions import Extensions
from lambda_ric.emulator.runtime_api.response import ResponseBody, error_outcome


class Environment:
    """One execution environment of a function; `runtime_api` is where its API shall listen."""

    def __init__(
        self,
        function: FunctionConfig,
        owner: Owner,
        journal: EnvironmentLog,
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
        self._server = HttpServer(RuntimeApiEndpoint(self), RUNTIME_LIMITS)
        self._child: Child | None = None
        self._exit_type, self._exit_reason = platform_errors.EXITED, exit_reason(-9)
        self._polls: list[Exchange] = []
        self._served: Wire | None = None  # the connection that got the invocation
        self._invoke: Invoke | None = None
        self._turn: RunningInvoke | None = None
        self._report: Callable[[], None] = nothing  # of the turn that has just ended
        self._posted = Outcome(b"")  # what the runtime posted last
        self._beginning = InitTiming(self._loop.time)
        self._memory: MemoryWatch | None = None
        self._life = lifecycle.begin(limits_of(function), self._beginning.at)
        self._alarm = Alarm(lambda: self._apply(Event.EXPIRED))
        self._alarm.set(self._life.deadline)

    @property
    def phase(self) -> Phase:
        """Where it stands."""
        return self._life.phase

    async def start(self, endpoint: str | None) -> None:
        """Listen, and start the process; `endpoint` is the emulator's own URL. Raises OSError."""
        await self._server.start(*self._address)
        if self.phase is Phase.STOPPING:
            self._apply(Event.EXIT)
            return
        runtime_api = f"{self._server.host}:{self._server.port}"
        try:
            self._child = Child(
                self.function.command,
                function_variables(self.function, runtime_api, endpoint),
                self.function.directory,
                self._guard,
                self._journal.output,
                self._exited,
            )
        except OSError as error:
            command = " ".join(self.function.command)
            self._exit_type = platform_errors.INVALID_ENTRYPOINT
            self._exit_reason = f"cannot start {command!r}: {error.strerror or error}"
            self._journal.fault(self._exit_reason)
            self._apply(Event.EXIT)
        else:
            self._memory = MemoryWatch(
                self._child,
                self.function.memory * MEBIBYTE if self.function.limit_memory else None,
                lambda: self.phase is not Phase.IDLE,
                lambda: self._apply(Event.OUT_OF_MEMORY),
            )
            self._memory.begin()

    def invoke(self, invoke: Invoke) -> None:
        """Serve an invoke, at once or when the runtime has loaded."""
        self._invoke = invoke
        self._apply(Event.INVOKE, request_id=invoke.request_id)
        if self.phase is Phase.INIT_IN_INVOKE:
            self._begin_turn(invoke).announce()

    def decline(self, invoke: Invoke, outcome: Outcome) -> None:
        """Settle an invoke that cannot be served, because the runtime did not load."""
        turn = RunningInvoke(invoke, self.function, self._journal, self._loop.time)
        turn.announce()
        if not outcome.payload and outcome.error_type:
            outcome = turn.fault(outcome.error_type, self._exit_reason)
        turn.finish(outcome, Durations(), self._final_reading)()

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

    def load_error_posted(self, exchange: Exchange, event: Event, body: bytes) -> None:
        """The runtime cannot load, or cannot go on after a restore."""
        self._posted = error_outcome(exchange, body)
        self._apply(event, exchange)

    def restore_asked(self, exchange: Exchange) -> None:
        """The runtime is ready for its snapshot."""
        self._apply(Event.RESTORE_NEXT, exchange)

    def _answered(self, event: Event, exchange: Exchange, outcome: Outcome) -> None:
        self._posted = outcome
        self._apply(event, exchange)

    # What else happens to it.

    def _poll_lost(self, exchange: Exchange) -> None:
        self._polls.remove(exchange)
        if not self._polls:
            self._apply(Event.NEXT_LOST)

    def _exited(self, status: int) -> None:
        self._exit_reason = exit_reason(status)
        if self.phase in (Phase.INIT, Phase.IDLE, Phase.RETURNING):
            self._journal.fault(self._exit_reason)
        self._apply(Event.EXIT)

    # The state machine, and what it wants done.

    def _apply(
        self, event: Event, exchange: Exchange | None = None, request_id: str | None = None
    ) -> None:
        self._life, effects = lifecycle.step(self._life, event, self._loop.time(), request_id)
        for effect in effects:
            if effect in REFUSALS:
                assert exchange is not None
                self._refuse(exchange, effect)
            elif effect in lifecycle.SETTLING:
                self._settle(effect)
            else:
                _CARRY_OUT[effect](self, exchange)
        report, self._report = self._report, nothing
        report()
        self._alarm.set(self._life.deadline)
        if self.phase is Phase.RETURNING and self._polls:
            self._apply(Event.NEXT, self._polls[-1])

    def _refuse(self, exchange: Exchange, effect: Effect) -> None:
        if exchange in self._polls:
            self._polls.remove(exchange)
            exchange.on_gone = None
        refuse(exchange, effect, self.phase)

    def _open_response(self, exchange: Exchange | None) -> None:
        assert exchange is not None
        assert self._turn is not None
        exchange.consumer = ResponseBody(exchange, self._turn.invoke, self._answered)

    def _reject(self, _: Exchange | None) -> None:
        assert self._invoke is not None
        invoke, self._invoke = self._invoke, None
        self._owner.rejected(self, invoke)

    def _restore(self, exchange: Exchange | None) -> None:
        """Play a snapshot, taken now, and its restore, at once."""
        self._beginning.restored()
        release(exchange)

    def _report_init(self, _: Exchange | None) -> None:
        self.extensions.closed = True
        if self.phase is Phase.IDLE:  # else its time is part of the invocation's
            self._beginning.loaded()
        if self.function.snap_start and not self._beginning.was_restored:
            self._journal.notice(NO_SNAPSHOT)

    def _deliver(self, _: Exchange | None) -> None:
        assert self._invoke is not None
        turn = self._turn or self._begin_turn(self._invoke)
        poll = self._polls.pop()
        self._served = poll.wire
        invocation = self._invoke.invocation
        poll.respond(200, invocation.to_fields(), invocation.payload)
        turn.announce()
        self.extensions.tell(invocation)

    def _begin_turn(self, invoke: Invoke) -> RunningInvoke:
        self._turn = turn = RunningInvoke(invoke, self.function, self._journal, self._loop.time)
        if self._memory is not None:
            self._memory.begin()
        return turn

    def _settle(self, effect: Effect) -> None:
        """End the invocation, in the way that the effect says."""
        turn, self._turn, self._invoke = self._turn, None, None
        assert turn is not None
        if effect in lifecycle.SETTLED_BY_RUNTIME:
            outcome = self._posted
        else:
            self._final_reading()
            outcome = turn.cut_short(effect, self._exit_type, self._exit_reason)
        durations = self._beginning.take_durations()
        self._report = turn.finish(outcome, durations, self._final_reading)

    def _final_reading(self) -> int:
        """Take the output that is there, and return the peak of the memory in bytes."""
        if self._child is None or self._memory is None:
            return 0
        self._child.drain()
        return self._memory.peak()

    def _fail_init(self, status: str, outcome: Outcome | None) -> None:
        self._final_reading()
        error_type = outcome.error_type if outcome else None
        self._journal.init_report(
            self._beginning.milliseconds, status, error_type, restored=self._beginning.was_restored
        )
        self._owner.init_failed(self, outcome)

    def _terminate(self, _: Exchange | None) -> None:
        if self._child is not None and self.extensions.registered:
            self._child.terminate()
        else:
            self._kill(_)

    def _kill(self, _: Exchange | None) -> None:
        if self._child is not None:
            self._child.kill()

    def _ended(self, _: Exchange | None) -> None:
        self._server.close()
        self._alarm.cancel()
        if self._memory is not None:
            self._memory.cancel()
        self._journal.flush()
        self._owner.gone(self)


_CARRY_OUT: dict[Effect, Callable[[Environment, Exchange | None], None]] = {
    Effect.ACCEPT: lambda _, exchange: accept(exchange),
    Effect.RELEASE_RESTORE: Environment._restore,
    Effect.OPEN_RESPONSE: Environment._open_response,
    Effect.REJECT: Environment._reject,
    Effect.REPORT_INIT: Environment._report_init,
    Effect.READY: lambda one, _: one._owner.ready(one),
    Effect.DELIVER: Environment._deliver,
    Effect.FAIL_INIT_ERROR: lambda one, _: one._fail_init("error", one._posted),
    Effect.FAIL_INIT_TIMEOUT: lambda one, _: one._fail_init("timeout", None),
    Effect.FAIL_INIT_EXIT: lambda one, _: one._fail_init(
        "error", Outcome(b"", one._exit_type, "error")
    ),
    Effect.TERMINATE: Environment._terminate,
    Effect.KILL: Environment._kill,
    Effect.ENDED: Environment._ended,
}
