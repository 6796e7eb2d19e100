"""An execution environment at work: its processes, its Runtime API listener, and its life.

It drives `lifecycle` and carries out the effects. It knows one invoke at a time, and nothing of
other environments: its owner decides what it gets, and hears when it is ready or gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from lambda_ric.emulator import extended_lifecycle, lifecycle, platform_errors
from lambda_ric.emulator.clock import Alarm, Clock
from lambda_ric.emulator.environment.external_extensions import ExternalExtensions
from lambda_ric.emulator.environment.failed_init import FailedInit
from lambda_ric.emulator.environment.guard import Guard
from lambda_ric.emulator.environment.initialization import (
    NO_SNAPSHOT,
    Initialization,
    limits_of,
)
from lambda_ric.emulator.environment.memory import MEBIBYTE, MemoryWatch
from lambda_ric.emulator.environment.owner import Owner
from lambda_ric.emulator.environment.processes import ProcessSet
from lambda_ric.emulator.environment.running_invoke import Exit, InvokeReports, RunningInvoke
from lambda_ric.emulator.environment.variables import function_variables, has_json_logs
from lambda_ric.emulator.extended_lifecycle import ExtendedLife
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.http.server import HttpServer
from lambda_ric.emulator.invoke import Invoke
from lambda_ric.emulator.life import OWNER, Cause, Do, Effect, Event, Kind, Life, Phase
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.log.phase_events import PhaseEnd
from lambda_ric.emulator.runtime_api.endpoint import (
    ACCEPTED,
    RUNTIME_LIMITS,
    RuntimeApiEndpoint,
    refuse,
)
from lambda_ric.emulator.runtime_api.extensions import Extensions
from lambda_ric.emulator.runtime_api.response import ResponseBody, WholeResponse
from lambda_ric.emulator.runtime_api.telemetry.api import Telemetry


class Environment:
    """One execution environment of a function; its Runtime API listens at `address`."""

    def __init__(
        self,
        function: FunctionConfig,
        owner: Owner,
        log: EnvironmentLog,
        clock: Clock,
        guard: Guard,
        address: tuple[str, int] = ("127.0.0.1", 0),
    ) -> None:
        self.function = function
        self._owner = owner
        self._log = log
        self._clock = clock
        self._address = address
        self._processes = ProcessSet(guard, log.output)
        self._external = ExternalExtensions(function, self._processes, log, self._report)
        self._extensions = Extensions(function, self._external.take)
        self._telemetry = Telemetry(log, self._extensions, clock, json_logs=has_json_logs(function))
        self._server = HttpServer(
            RuntimeApiEndpoint(self._report, self._extensions, self._telemetry), RUNTIME_LIMITS
        )
        self._memory = MemoryWatch(
            self._processes,
            function.memory * MEBIBYTE if function.limit_memory else None,
            busy=lambda: self.phase is not Phase.IDLE,
            on_excess=lambda: self._report(Event(Kind.OUT_OF_MEMORY)),
        )
        self._running: RunningInvoke | None = None
        self._reports = InvokeReports(log, self._processes, self._memory)
        self._init = Initialization(function, log, clock)
        self._variables: dict[str, str] = {}
        limits, began_at = limits_of(function), self._init.began_at
        self._life: Life | ExtendedLife = lifecycle.begin(limits, began_at)
        self._step: Callable[..., Any] = lifecycle.step
        if self._external.names:
            log.detailed = True
            self._life = extended_lifecycle.begin(limits, began_at, self._external.names)
            self._step = extended_lifecycle.step
        self._alarm = Alarm(
            clock,
            lambda: self._report(Event(Kind.EXPIRED)),
            in_real_time=lambda: self.phase in (Phase.RETURNING, Phase.STOPPING, Phase.SHUTDOWN),
            of_a_process=True,
        )
        self._alarm.set(self._life.deadline)

    @property
    def phase(self) -> Phase:
        """Its phase."""
        return self._life.phase

    async def start(self, endpoint: str | None) -> None:
        """Listen, and start the runtime; `endpoint` is the emulator's own URL. Raises OSError."""
        await self._server.start(*self._address)
        if self.phase is Phase.STOPPING:
            self._report(Event(Kind.EXIT, detail=Exit.of_status(-9)))
            return
        self._init.begin(within_invoke=self.phase is Phase.INIT_IN_INVOKE)
        runtime_api = f"{self._server.host}:{self._server.port}"
        self._variables = function_variables(self.function, runtime_api, endpoint)
        if self._external.names:
            self._external.start(self._variables, lambda: self.phase is Phase.SHUTDOWN)
        else:
            self._start_runtime()

    def _start_runtime(self, _: Effect | None = None) -> None:
        function = self.function
        try:
            self._processes.start_runtime(
                function.command, self._variables, function.directory, self._exited
            )
        except (OSError, ValueError) as error:
            exit_ = Exit.not_started(function.command, error)
            self._log.fault(exit_.reason)
            self._report(Event(Kind.EXIT, detail=exit_))
        else:
            self._memory.begin()

    def invoke(self, invoke: Invoke) -> None:
        """Serve an invoke, at once or when the runtime has loaded."""
        self._report(Event(Kind.INVOKE, request_id=invoke.request_id, invoke=invoke))

    def stop(self) -> None:
        """End it, and the invoke that it serves."""
        self._report(Event(Kind.STOP))

    def _exited(self, status: int) -> None:
        exit_ = Exit.of_status(status)
        if self.phase in (Phase.INIT, Phase.IDLE, Phase.RETURNING):
            self._log.fault(exit_.reason)
        if exit_.crashed and self.phase is Phase.INIT_IN_INVOKE:  # as recorded: until the timeout
            self._processes.restart_runtime(self._start_runtime)
        else:
            self._report(Event(Kind.EXIT, detail=exit_))

    # The state machine, and the work it asks for.

    def _report(self, event: Event) -> None:
        """Take an event, and carry out what follows from it.

        The life and its alarm are updated before any effect is carried out, so that an effect that
        fails leaves no phase without an end. Effects for the owner come last, after the log is up
        to date, so that an invoke which it gives at once finds nothing half done.
        """
        life = self._life
        if event.kind is Kind.NEXT:
            if life.holder is not None:
                event = event._replace(holder_alive=life.holder.alive)
            if self._reports.pending is not None:
                self._reports.pending.write_runtime_done(is_back=True)
            elif self._init.is_loading:
                self._init.runtime_done()
        self._life, effects = self._step(life, event, self._clock.now())
        if self._life.deadline is not life.deadline:
            self._alarm.set(self._life.deadline)
        for effect in effects:
            try:
                if self._reports.pending is not None and effect.do in OWNER:
                    self._reports.write()
                _CARRY_OUT[effect.do](self, effect)
            except Exception as error:
                self._failed(effect, error)
        if self._reports.pending is not None and not (
            self._log.detailed and self._life.phase is Phase.RETURNING
        ):
            try:
                self._reports.write()
            except Exception as error:
                self._failed(effects[0], error)

    def _failed(self, effect: Effect, error: Exception) -> None:
        """Deal with a fault of the emulator itself: the caller gets an error, the process ends.

        The event loop reports it, since the log may be what has failed.
        """
        context = {"message": f"the emulator failed at {effect.do.name}", "exception": error}
        asyncio.get_running_loop().call_exception_handler(context)
        invoke = effect.invoke
        if invoke is not None and effect.do in (Do.SETTLE, Do.REJECT):
            with suppress(Exception):  # then nothing reaches this caller
                invoke.settle(platform_errors.emulator_failed(invoke.request_id))
        if effect.do is not Do.KILL:  # the alarm of its phase tries that again
            self._report(Event(Kind.FAULT))

    def _release_restore(self, effect: Effect) -> None:
        """Simulate a snapshot and its immediate restore."""
        self._init.restored()
        effect.exchange.respond(200)

    def _report_init(self, effect: Effect) -> None:
        self._extensions.closed = True
        self._external.write_ready(self._extensions)
        self._init.loaded(within_invoke=effect.phase is not Phase.INIT)
        self._telemetry.close_registration()
        if self.function.snap_start and not self._init.was_restored:
            self._log.notice(NO_SNAPSHOT)

    def _deliver(self, effect: Effect) -> None:
        running = self._running or self._begin_running(effect.invoke)
        invocation = effect.invoke.invocation
        effect.exchange.respond(200, invocation.to_fields(), invocation.payload)
        running.announce()
        self._extensions.invoked(invocation)

    def _begin_running(self, invoke: Invoke) -> RunningInvoke:
        self._running = RunningInvoke(invoke, self.function, self._log, self._clock)
        self._memory.begin_invoke()
        return self._running

    def _open_response(self, effect: Effect) -> None:
        if self._running is not None:
            self._running.answering_at = self._clock.now()
        effect.exchange.consumer = ResponseBody(effect.exchange, effect.invoke, self._report)

    def _settle(self, effect: Effect) -> None:
        """End the invoke, in the way that the cause says."""
        running, self._running = self._running, None
        if running is None:  # it failed before it began
            running = RunningInvoke(effect.invoke, self.function, self._log, self._clock)
        self._reports.pending = running
        outcome = effect.detail
        if isinstance(outcome, WholeResponse):
            outcome = running.answer(outcome)
        elif effect.cause not in (Cause.RESPONSE, Cause.ERROR):
            self._reports.final_reading()
            outcome = running.cut_short(effect.cause, outcome)
        if effect.phase is Phase.INIT_IN_INVOKE:
            self._init.failed(PhaseEnd(outcome.status, outcome.error_type))
        running.finish(outcome, self._init.take_durations())
        if self._log.detailed or running.invoke.tail is not None:
            self._reports.write_early(running, effect.cause)
        running.invoke.settle(outcome)

    def _terminate(self, _: Effect) -> None:
        if self._extensions.registered:
            self._telemetry.flush()
            self._processes.terminate()
        else:
            self._processes.kill()

    def _shut_down(self, effect: Effect) -> None:
        """Tell the external extensions to end; those that do not listen are ended.

        Before that, they get the telemetry of all that has happened.
        """
        reason, ends_at = effect.detail

        def then() -> None:
            if self.phase is Phase.SHUTDOWN:
                seconds = self._clock.wall_time() + ends_at - self._clock.now()
                self._external.kill_except(self._extensions.shut_down(reason, int(1_000 * seconds)))

        self._telemetry.flush(then)

    def _fail_init(self, effect: Effect) -> None:
        """Report an initialization that failed; the owner passes the reason on."""
        self._reports.final_reading()
        failure = None
        if effect.cause is not Cause.TIMEOUT:
            failure = FailedInit(effect.detail, self.function, self._log, self._clock)
        self._init.failed(PhaseEnd("error", failure.error_type) if failure else PhaseEnd("timeout"))
        self._owner.init_failed(self, failure)

    def _end(self, _: Effect) -> None:
        self._server.close()
        self._alarm.cancel()
        self._memory.cancel()
        self._log.flush()
        self._telemetry.close()
        self._owner.gone(self)


_CARRY_OUT: dict[Do, Callable[[Environment, Effect], None]] = {
    Do.ACCEPT: lambda _, effect: effect.exchange.respond_prepared(ACCEPTED),
    Do.REFUSE: lambda _, effect: refuse(effect),
    Do.RELEASE_RESTORE: Environment._release_restore,
    Do.REPORT_INIT: Environment._report_init,
    Do.BEGIN: lambda environment, effect: environment._begin_running(effect.invoke).announce(),
    Do.DELIVER: Environment._deliver,
    Do.OPEN_RESPONSE: Environment._open_response,
    Do.SETTLE: Environment._settle,
    Do.TERMINATE: Environment._terminate,
    Do.KILL: lambda environment, _: environment._processes.kill(),
    Do.START_RUNTIME: Environment._start_runtime,
    Do.SHUT_DOWN: Environment._shut_down,
    Do.KILL_ALL: lambda environment, _: environment._processes.kill_all(),
    Do.READY: lambda environment, _: environment._owner.ready(environment),
    Do.REJECT: lambda environment, effect: environment._owner.rejected(environment, effect.invoke),
    Do.FAIL_INIT: Environment._fail_init,
    Do.END: Environment._end,
}
