"""One function at work: its environments, and the invokes that wait for one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from enum import Enum

from lambda_ric.emulator import platform_errors
from lambda_ric.emulator.clock import Alarm, Clock
from lambda_ric.emulator.environment.environment import Environment
from lambda_ric.emulator.environment.failed_init import FailedInit
from lambda_ric.emulator.environment.guard import Guard
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import Invoke
from lambda_ric.emulator.life import Phase
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.log.log import Log

RETURN_SECONDS = 0.05
"""Seconds to wait for an environment whose invoke is over, before another is started."""

ALIVE = tuple(phase for phase in Phase if phase not in (Phase.STOPPING, Phase.SHUTDOWN, Phase.DEAD))
_BUSY = tuple(phase for phase in ALIVE if phase not in (Phase.IDLE, Phase.INIT))


class Throttled(Exception):
    """All environments are busy, the limit is reached, and callers are not to wait."""


class Choice(Enum):
    """What happens to an invoke when no environment is idle."""

    SPAWN = "spawn"  # it waits for a new environment
    QUEUE = "queue"  # it waits for an existing environment, or one that is starting
    THROTTLE = "throttle"  # it is refused, as Lambda does at the limit


def choose(*, starting: int, alive: int, waiting: int, limit: int, throttle: bool) -> Choice:
    """Choose for one invoke when no environment is idle.

    `starting` environments will soon be idle; they are among those `alive`. `waiting` invokes came
    before this one. `limit` is the maximum number of environments.
    """
    if starting > waiting:
        return Choice.QUEUE
    if alive < limit:
        return Choice.SPAWN
    return Choice.THROTTLE if throttle else Choice.QUEUE


class Scheduler:
    """Gives each invoke an environment: a warm one, a new one, or the next that is free.

    The environment that became idle last is used first, so that fewer are kept busy.
    `on_fatal` is called with the error that keeps environments from starting at all.
    """

    def __init__(
        self,
        function: FunctionConfig,
        log: Log,
        clock: Clock,
        guard: Guard,
        on_fatal: Callable[[OSError], None],
    ) -> None:
        self.function = function
        self.endpoint: str | None = None  # the URL of the emulator, once it listens
        self.modified = clock.wall_time()  # the time of the last restart
        self._log = log
        self._clock = clock
        self._guard = guard
        self._on_fatal = on_fatal
        self._environments: set[Environment] = set()
        self._retired: set[Environment] = set()
        self._idle: list[Environment] = []
        self._waiting: deque[Invoke] = deque()
        self._patience = Alarm(
            clock, self._spawn_for_waiting, in_real_time=lambda: True, of_a_process=True
        )
        self._starts: set[asyncio.Task[None]] = set()
        self._restarted: Environment | None = None  # the log reports when it has loaded
        self._pinned: Environment | None = None  # has the configured address
        self._init_failed = False  # the next environment loads within an invoke
        self._stopping = False
        self._all_gone = asyncio.Event()

    def start(self) -> None:
        """Start the first environment, so that the first invoke need not wait for it."""
        self._spawn()

    def submit(self, invoke: Invoke) -> None:
        """Serve an invoke now or later. Raises Throttled."""
        if self._idle:
            self._idle.pop().invoke(invoke)
        else:
            self._enqueue(invoke)

    def _enqueue(self, invoke: Invoke) -> None:
        """Let an invoke wait for an environment. Raises Throttled."""
        if self._stopping:
            invoke.settle(platform_errors.stopped(invoke.request_id))
            return
        choice = self._choose(invoke)
        if choice is Choice.THROTTLE:
            raise Throttled
        self._waiting.append(invoke)
        if choice is Choice.SPAWN:
            self._spawn_for_waiting()
        # One alarm for all that wait: under load, a timer each would wake the emulator for each.
        elif len(self._waiting) == 1 or not self._patience.is_set():
            self._patience.set(self._clock.now() + RETURN_SECONDS)

    def counts(self) -> dict[str, int]:
        """Return how many environments are in each phase, and how many invokes wait."""
        return {
            "idle": self._count(Phase.IDLE),
            "busy": self._count(*_BUSY),
            "starting": self._count(Phase.INIT),
            "waiting": len(self._waiting),
        }

    def restart(self, function: FunctionConfig | None = None) -> None:
        """Replace all environments: idle ones at once, the others when their invoke is over.

        Waiting invokes are served by the new environments, which `function` configures.
        """
        if self._stopping:
            return
        self.function = function or self.function
        self.modified = self._clock.wall_time()
        self._init_failed = False
        for environment in list(self._environments):
            self._retired.add(environment)
            if environment.phase in (Phase.IDLE, Phase.INIT):
                self._forget(environment)
                environment.stop()
        self._restarted = self._spawn()

    async def stop(self) -> None:
        """End all environments, with the invokes that they serve or that wait for them."""
        self._stopping = True
        self._idle.clear()
        while self._waiting:
            waiting = self._waiting.popleft()
            waiting.settle(platform_errors.stopped(waiting.request_id))
        for environment in list(self._environments):
            environment.stop()
        if self._environments:
            await self._all_gone.wait()

    # What environments report.

    def ready(self, environment: Environment) -> None:
        """Give it the invoke that has waited longest, or keep it for the next one."""
        if self._stopping or environment in self._retired:
            environment.stop()
            return
        self._init_failed = False
        if environment is self._restarted:
            self._restarted = None
            self._log.emit(platform_events.notice("ready", self.function.name))
        invoke = self._next_waiting_for(environment) if self._waiting else None
        if invoke is not None:
            self._give(environment, invoke)
        elif environment not in self._idle:
            self._idle.append(environment)

    def init_failed(self, environment: Environment, failure: FailedInit | None) -> None:
        """Fail the invoke that has waited longest, and let the next environment try again."""
        self._init_failed = True
        if failure is not None and not failure.crashed:
            invoke = self._next_waiting()
            if invoke is not None:
                failure.settle(invoke)
        self._spawn_for_waiting()

    def rejected(self, environment: Environment, invoke: Invoke) -> None:
        """Find another environment for an invoke."""
        self._forget(environment)
        if self._stopping:
            invoke.settle(platform_errors.stopped(invoke.request_id))
            return
        self._waiting.appendleft(invoke)
        self._spawn_for_waiting()

    def gone(self, environment: Environment) -> None:
        """Replace it, if invokes wait."""
        self._forget(environment)
        self._environments.discard(environment)
        self._retired.discard(environment)
        if self._pinned is environment:
            self._pinned = None
        if not self._environments:
            self._all_gone.set()
        self._spawn_for_waiting()

    # Which environment serves which invoke; `TenantScheduler` decides otherwise.

    def _choose(self, invoke: Invoke) -> Choice:
        """Choose for an invoke when no environment is idle that could serve it."""
        return choose(
            starting=self._count(Phase.INIT, Phase.RETURNING),
            alive=self._count(*ALIVE),
            waiting=len(self._waiting),
            limit=self.function.concurrency,
            throttle=self.function.throttle,
        )

    def _next_waiting_for(self, environment: Environment) -> Invoke | None:
        """Take the invoke that an environment is to serve next."""
        return self._next_waiting()

    def _give(self, environment: Environment, invoke: Invoke) -> None:
        environment.invoke(invoke)

    def _make_room(self) -> bool:
        """Return whether another environment may start."""
        return self._count(*ALIVE) < self.function.concurrency

    # Starting environments.

    def _spawn_for_waiting(self) -> None:
        """Start an environment for each invoke that no environment is loading for."""
        while (
            not self._stopping
            and len(self._waiting) > self._count(Phase.INIT)
            and self._make_room()
        ):
            environment = self._spawn()
            if self._init_failed:
                invoke = self._next_waiting()
                if invoke is not None:
                    self._give(environment, invoke)

    def _spawn(self) -> Environment:
        address = ("127.0.0.1", 0)
        pins = self.function.runtime_api is not None and self._pinned is None
        if pins and self.function.runtime_api is not None:
            address = self.function.runtime_api
        log = EnvironmentLog(self._log, self.function.name)
        environment = Environment(self.function, self, log, self._clock, self._guard, address)
        if pins:
            self._pinned = environment
        self._environments.add(environment)
        self._all_gone.clear()
        start = asyncio.get_running_loop().create_task(self._start(environment))
        self._starts.add(start)
        start.add_done_callback(self._starts.discard)
        return environment

    async def _start(self, environment: Environment) -> None:
        try:
            await environment.start(self.endpoint)
        except OSError as error:
            self.gone(environment)
            self._on_fatal(error)

    def _next_waiting(self) -> Invoke | None:
        """Take the invoke that has waited longest; if its caller has left, it never runs."""
        while self._waiting:
            invoke = self._waiting.popleft()
            if not invoke.abandoned:
                return invoke
        return None

    def _count(self, *phases: Phase) -> int:
        return sum([environment.phase in phases for environment in self._environments])

    def _forget(self, environment: Environment) -> None:
        if environment in self._idle:
            self._idle.remove(environment)
