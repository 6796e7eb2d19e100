"""A function with tenant isolation: an environment serves one tenant for its whole life.

Source: "Tenant isolation" in the AWS Lambda developer guide.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from lambda_ric.emulator.environment.environment import Environment
from lambda_ric.emulator.invoke import Invoke
from lambda_ric.emulator.life import Phase
from lambda_ric.emulator.scheduling.scheduler import ALIVE, Choice, Scheduler, choose

MAX_OVERTAKEN = 20
"""How many invokes of other tenants may be served before the one that has waited longest."""


class TenantScheduler(Scheduler):
    """Gives each invoke an environment of its tenant, or one that has not served anyone yet.

    At the limit of environments, an idle one of another tenant ends to make room.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._tenants: dict[Environment, str | None] = {}
        self._overtaken = 0  # how often the invoke that has waited longest was passed over

    def submit(self, invoke: Invoke) -> None:
        """Serve an invoke now or later. Raises Throttled."""
        environment = self._idle_for(invoke.invocation.tenant_id)
        if environment is None:
            self._enqueue(invoke)
        else:
            self._idle.remove(environment)
            self._give(environment, invoke)

    def ready(self, environment: Environment) -> None:
        """Give it an invoke of its tenant; if only others wait, it may have to make room."""
        super().ready(environment)
        if self._waiting:
            self._spawn_for_waiting()

    def gone(self, environment: Environment) -> None:
        """Forget its tenant, and replace it if invokes wait."""
        self._tenants.pop(environment, None)
        super().gone(environment)

    def _idle_for(self, tenant_id: str | None) -> Environment | None:
        """Return an idle environment of this tenant, or else one without a tenant."""
        unused = None
        for environment in reversed(self._idle):
            if environment not in self._tenants:
                unused = unused or environment
            elif self._tenants[environment] == tenant_id:
                return environment
        return unused

    def _choose(self, invoke: Invoke) -> Choice:
        """Choose as if each tenant had a queue of its own.

        Environments that are idle, or soon will be, can make room.
        """
        tenant_id = invoke.invocation.tenant_id
        own = sum([waiting.invocation.tenant_id == tenant_id for waiting in self._waiting])
        returning = sum(
            [
                environment.phase is Phase.RETURNING and tenant == tenant_id
                for environment, tenant in self._tenants.items()
            ]
        )
        others = len(self._waiting) - own
        return choose(
            starting=returning + max(0, self._count(Phase.INIT) - others),
            alive=self._count(*ALIVE) - len(self._idle) - self._count(Phase.RETURNING),
            waiting=own,
            limit=self.function.concurrency,
            throttle=self.function.throttle,
        )

    def _next_waiting_for(self, environment: Environment) -> Invoke | None:
        """Take the invoke of its tenant that has waited longest, or any if it has no tenant yet."""
        self._waiting = deque(invoke for invoke in self._waiting if not invoke.abandoned)
        if not self._waiting:
            return None
        first = self._waiting[0].invocation.tenant_id
        tenant_id = self._tenants.get(environment, first)
        if tenant_id == first:
            self._overtaken = 0
            return self._waiting.popleft()
        if self._overtaken >= MAX_OVERTAKEN and self._count(*ALIVE) >= self.function.concurrency:
            return None
        for invoke in self._waiting:
            if invoke.invocation.tenant_id == tenant_id:
                self._overtaken += 1
                self._waiting.remove(invoke)
                return invoke
        return None

    def _give(self, environment: Environment, invoke: Invoke) -> None:
        self._tenants[environment] = invoke.invocation.tenant_id
        super()._give(environment, invoke)

    def _make_room(self) -> bool:
        """Return whether another environment may start; an idle one may end for it."""
        if not super()._make_room() and self._idle:
            self._idle.pop(0).stop()
        return super()._make_room()
