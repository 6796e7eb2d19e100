"""One function at work: its environments, and the invokes that wait for one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from lambda_ric.emulator import platform_errors
from lambda_ric.emulator.environment.environment import Environment
from lambda_ric.emulator.environment.process import Guard
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.invoke import Invoke, Outcome
from lambda_ric.emulator.lifecycle import Phase
from lambda_ric.emulator.log.environment_log import EnvironmentLog, Traffic
from lambda_ric.emulator.log.printer import Console
from lambda_ric.emulator.scheduling.pool import Choice, choose

RETURN_SECONDS = 0.05
"""How long an environment whose invocation is over is waited for before another is started."""


class Throttled(Exception):
    """All environments are busy, there may be no more, and callers are not to wait."""


class Scheduler:
    """Gives each invoke an environment: a warm one, a new one, or the next that is free.

    The environment that became idle last is used first, so that the others may stay cold.
    `on_fatal` is called with what keeps environments from starting at all.
    """

    def __init__(
        self,
        function: FunctionConfig,
        console: Console,
        traffic: Traffic,
        guard: Guard,
        on_fatal: Callable[[OSError], None],
    ) -> None:
        self.function = function
        self._loop = asyncio.get_running_loop()
        self.endpoint: str | None = None  # the URL of the emulator, once it listens
        self._console = console
        self._traffic = traffic
        self._guard = guard
        self._on_fatal = on_fatal
        self._environments: set[Environment] = set()
        self._retired: set[Environment] = set()
        self._idle: list[Environment] = []
        self._waiting: deque[Invoke] = deque()
        self._starts: set[asyncio.Task[None]] = set()
        self._pinned: Environment | None = None  # has the address that was asked for
        self._init_failed = False  # the next environment loads within an invocation
        self._stopping = False
        self._all_gone = asyncio.Event()

    def start(self) -> None:
        """Start the first environment, so that the first invoke need not wait for it."""
        self._spawn()

    def submit(self, invoke: Invoke) -> None:
        """Serve an invoke now or later. Raises Throttled."""
        choice = choose(
            idle=len(self._idle),
            starting=0 if self._idle else self._count(Phase.INIT, Phase.RETURNING),
            alive=0 if self._idle else self._count(*_ALIVE),
            waiting=len(self._waiting),
            limit=self.function.concurrency,
            throttle=self.function.throttle,
        )
        if choice is Choice.REUSE:
            self._idle.pop().invoke(invoke)
        elif choice is Choice.THROTTLE:
            raise Throttled
        else:
            self._waiting.append(invoke)
            if choice is Choice.SPAWN:
                self._spawn_for_waiting()
            else:
                self._loop.call_later(RETURN_SECONDS, self._spawn_for_waiting)

    def counts(self) -> dict[str, int]:
        """Return how many environments stand where, and how many invokes wait for one."""
        return {
            "idle": self._count(Phase.IDLE),
            "busy": self._count(*_BUSY),
            "starting": self._count(Phase.INIT),
            "waiting": len(self._waiting),
        }

    def restart(self, function: FunctionConfig | None = None) -> None:
        """Replace all environments: idle ones at once, the others when their invocation is over.

        Invocations that wait are served by the new ones, which `function` configures.
        """
        if self._stopping:
            return
        self.function = function or self.function
        self._init_failed = False
        for environment in list(self._environments):
            self._retired.add(environment)
            if environment.phase in (Phase.IDLE, Phase.INIT):
                self._forget(environment)
                environment.stop()
        self._spawn()

    async def stop(self) -> None:
        """End all environments, and the invokes that they serve or that wait for them."""
        self._stopping = True
        self._idle.clear()
        while self._waiting:
            waiting = self._waiting.popleft()
            body = platform_errors.about(
                waiting.request_id, platform_errors.STOPPED, "the emulator was stopped"
            )
            waiting.settle(Outcome(body, platform_errors.STOPPED, "failure"))
        for environment in list(self._environments):
            environment.stop()
        if self._environments:
            await self._all_gone.wait()

    # What environments tell.

    def ready(self, environment: Environment) -> None:
        """Give it the invoke that waits longest, or keep it for the next."""
        if environment in self._retired:
            environment.stop()
            return
        self._init_failed = False
        invoke = self._next_waiting()
        if invoke is not None:
            environment.invoke(invoke)
        elif environment not in self._idle:
            self._idle.append(environment)

    def init_failed(self, environment: Environment, outcome: Outcome | None) -> None:
        """Tell the invoke that waits longest why, and let the next environment try anew."""
        self._init_failed = True
        invoke = self._next_waiting() if outcome is not None else None
        if invoke is not None and outcome is not None:
            environment.decline(invoke, outcome)
        self._spawn_for_waiting()

    def rejected(self, environment: Environment, invoke: Invoke) -> None:
        """Find another environment for an invoke."""
        self._forget(environment)
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

    # Its own affairs.

    def _spawn_for_waiting(self) -> None:
        """Start as many environments as there are invokes that no environment is loading for."""
        while (
            not self._stopping
            and len(self._waiting) > self._count(Phase.INIT)
            and self._count(*_ALIVE) < self.function.concurrency
        ):
            environment = self._spawn()
            if self._init_failed:
                invoke = self._next_waiting()
                if invoke is not None:
                    environment.invoke(invoke)

    def _spawn(self) -> Environment:
        address = ("127.0.0.1", 0)
        pins = self.function.runtime_api is not None and self._pinned is None
        if pins and self.function.runtime_api is not None:
            address = self.function.runtime_api
        journal = EnvironmentLog(self._console, self._traffic)
        environment = Environment(self.function, self, journal, self._guard, address)
        if pins:
            self._pinned = environment
        self._environments.add(environment)
        self._all_gone.clear()
        start = self._loop.create_task(self._start(environment))
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
        """Take the invoke that waits longest; those whose caller has left never run."""
        while self._waiting:
            invoke = self._waiting.popleft()
            if not invoke.abandoned:
                return invoke
        return None

    def _count(self, *phases: Phase) -> int:
        return sum([one.phase in phases for one in self._environments])

    def _forget(self, environment: Environment) -> None:
        if environment in self._idle:
            self._idle.remove(environment)


_ALIVE = tuple(phase for phase in Phase if phase not in (Phase.STOPPING, Phase.DEAD))
_BUSY = tuple(phase for phase in _ALIVE if phase not in (Phase.IDLE, Phase.INIT))
