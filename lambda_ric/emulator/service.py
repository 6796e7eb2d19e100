"""The emulator as a whole: functions, the port they are invoked at, and what they share.

The command line runs it, and so can any program with an event loop:

    service = Service([FunctionConfig(command=("python", "-m", "lambda_ric", "app.handler"))])
    await service.start()
    outcome = await service.invoke(b"{}")
    await service.stop()

Rooms that only some functions need are imported when they are needed: the start is waited for.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lambda_ric.emulator.clock import Clock
from lambda_ric.emulator.destination import check_destinations
from lambda_ric.emulator.destinations.delivery import Destinations
from lambda_ric.emulator.environment.guard import Guard
from lambda_ric.emulator.function import FunctionConfig
from lambda_ric.emulator.http.limits import Limits
from lambda_ric.emulator.http.server import HttpServer, connections_closed
from lambda_ric.emulator.invoke import CallbackInvoke, Outcome, new_request_id, new_trace_id
from lambda_ric.emulator.invoke_api.parameters import check_tenant, checked_payload
from lambda_ric.emulator.listening import Listening
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.log.printer import LogPrinter
from lambda_ric.emulator.scheduling.async_queue import RETRY_DELAY, AsyncQueue
from lambda_ric.emulator.scheduling.scheduler import Scheduler
from lambda_ric.emulator.scheduling.tenants import TenantScheduler
from lambda_ric.wire.runtime_api import Invocation

if TYPE_CHECKING:
    from lambda_ric.emulator.durable.executions import Executions
    from lambda_ric.emulator.gateway.endpoint import Gateway
    from lambda_ric.emulator.gateway.settings import HttpListening
    from lambda_ric.emulator.http.routes import RouteTable

STOP_SECONDS = 2.0
"""How long environments may take to end."""

_ON_A_FREE_PORT = Listening()

EXTENSION_SECONDS = 0.5
"""How much longer it may take to end external extensions, which may use all of that time."""


class Service:
    """Serves functions. If `listening` is None, only `invoke` reaches them.

    A function that is alone answers to every name, unless functions are to be called `by_name`.
    `http` adds an HTTP front door, and `http_url` is where it is reached. `console` shows the log;
    by default standard error does. Once it has started, `log` takes further subscribers, `clock`
    can be put forward, and `executions` runs durable functions; with `skip_time` their waits pass
    at once. They are kept in the SQLite file `state`, if one is given.
    """

    log: Log
    clock: Clock

    def __init__(
        self,
        functions: Sequence[FunctionConfig],
        *,
        by_name: bool = False,
        listening: Listening | None = _ON_A_FREE_PORT,
        http: HttpListening | None = None,
        console: LogPrinter | None = None,
        retry_delay: float = RETRY_DELAY,
        skip_time: bool = False,
        state: str | None = None,
    ) -> None:
        check_destinations(functions)
        self._configs = functions
        self._by_name = by_name
        self._listening = listening
        self._http = http
        self._retry_delay = retry_delay
        self._skip_time = skip_time
        self._state = state
        self._guard = Guard()
        self._servers: list[HttpServer] = []
        self._schedulers: dict[str, Scheduler] = {}
        self._events: AsyncQueue | None = None
        self._destinations: Destinations | None = None
        self._executions: Executions | None = None
        self._gateway: Gateway | None = None
        printer = console or LogPrinter(sys.stderr)
        self.log = Log(printer.show, detailed=printer.as_json)
        self.failure: asyncio.Future[OSError]
        self.url: str | None = None
        self.http_url: str | None = None
        self.address = ""

    async def start(self) -> None:
        """Listen, and start the first environment of each function.

        Raises OSError if the address is not available.
        """
        self.failure = asyncio.get_running_loop().create_future()
        self.clock = Clock()
        for config in self._configs:
            scheduling = TenantScheduler if config.tenant_isolation else Scheduler
            self._schedulers[config.name] = scheduling(
                config, self.log, self.clock, self._guard, self._fail
            )
        self._events = AsyncQueue(self.log, self.clock, self._retry_delay)
        self._destinations = Destinations(self._schedulers, self._events, self.log, self.clock)
        self._events.deliver = self._destinations.deliver
        if self._state or any(config.durable is not None for config in self._configs):
            self._executions = self._open_executions()
        if self._listening is not None:
            await self._listen(self._listening, self._events)
        if self._http is not None:
            await self._open_front_door(self._http)
        for scheduler in self._schedulers.values():
            scheduler.endpoint = self.url
            scheduler.start()
        if self._executions is not None:
            self._executions.restore()

    @property
    def executions(self) -> Executions:
        """What runs the executions of durable functions."""
        if self._executions is None:
            self._executions = self._open_executions()
        return self._executions

    def _open_executions(self) -> Executions:
        from lambda_ric.emulator.durable.opening import open_executions

        return open_executions(
            self._schedulers, self.clock, self.log, state=self._state, skip_time=self._skip_time
        )

    async def _listen(self, listening: Listening, events: AsyncQueue) -> None:
        from lambda_ric.emulator.invoke_api.endpoint import InvokeApi
        from lambda_ric.emulator.invoke_api.origin_check import OriginCheck
        from lambda_ric.emulator.scheduling.served import ServedFunctions

        origins = OriginCheck(listening.host, listening.origins, listening.hosts)
        served = ServedFunctions(self._schedulers, self._by_name)

        def add_other_apis(routes: RouteTable) -> None:
            from lambda_ric.emulator.durable.api import DurableApi
            from lambda_ric.emulator.lambda_api.api import LambdaApi

            DurableApi(self.executions, served).add_routes(routes)
            LambdaApi(served, self._url_of).add_routes(routes)

        api = InvokeApi(served, events, origins, self._start_execution, add_other_apis)
        server = HttpServer(api, Limits())
        await server.start(listening.host, listening.port)
        self._servers.append(server)
        self.url = server.url
        self.address = f"{server.host}:{server.port}"

    async def _open_front_door(self, http: HttpListening) -> None:
        from lambda_ric.emulator.gateway.endpoint import Gateway

        gateway = Gateway(
            self._schedulers,
            http,
            self.log,
            self.clock,
            lambda function, invocation, then: self._start_execution(
                function, function.version, invocation, None, then
            ),
        )
        server = HttpServer(gateway, Limits())
        try:
            await server.start(http.host, http.port)
        except OSError:
            if not http.or_any_port:
                self._close_servers()
                raise
            await server.start(http.host, 0)
        self._servers.append(server)
        gateway.port = server.port
        gateway.url = self.http_url = server.url + gateway.door.root
        self._gateway = gateway

    def _url_of(self, function: str) -> dict[str, Any] | None:
        return self._gateway.url_of(function) if self._gateway is not None else None

    async def invoke(
        self, payload: bytes, name: str | None = None, *, tenant_id: str | None = None
    ) -> Outcome:
        """Invoke a function, the first one if no name is given, and return the outcome.

        Raises KeyError for a function that is not served, ApiError for a payload that is not
        JSON or a missing tenant, and Throttled at the limit of concurrent invocations.
        """
        scheduler = self._schedulers[name or self._configs[0].name]
        check_tenant(scheduler.function, tenant_id)
        settled: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        invocation = Invocation(
            new_request_id(),
            checked_payload(payload),
            function_arn=scheduler.function.arn(),
            trace_id=new_trace_id(),
            tenant_id=tenant_id,
        )

        def then(outcome: Outcome) -> None:
            if not settled.done():
                settled.set_result(outcome)

        if scheduler.function.durable is not None:
            function = scheduler.function
            self._start_execution(function, function.version, invocation, None, then)
            return await settled
        invoke = CallbackInvoke(
            invocation, then, version=scheduler.function.version, wants_tail=True
        )
        scheduler.submit(invoke)
        try:
            return await settled
        finally:
            invoke.abandoned = True

    def _start_execution(
        self,
        function: FunctionConfig,
        version: str,
        invocation: Invocation,
        name: str | None,
        waiter: Callable[[Outcome], None] | None,
    ) -> str:
        """Start an execution of a durable function, and return its ARN. Raises ApiError."""
        from lambda_ric.emulator.durable.requests import StartRequest

        request = StartRequest(
            function,
            version,
            invocation.payload.decode(),
            name,
            invocation.tenant_id,
            invocation.trace_id,
        )
        return self.executions.start(request, waiter)

    def restart(self, name: str | None = None) -> None:
        """Replace the environments of one function, or of all; running invocations finish."""
        for scheduler in self._schedulers.values():
            if name in (None, scheduler.function.name):
                scheduler.restart()

    def reconfigure(self, functions: Sequence[FunctionConfig]) -> None:
        """Restart functions, known by their names, with new configurations."""
        for config in functions:
            self._schedulers[config.name].restart(config)

    async def stop(self) -> None:
        """Stop listening and end all processes, within two seconds, or 2.5 with extensions.

        A service that was never started, or has been stopped before, stays stopped.
        """
        for server in self._servers:
            server.stop_listening()
        if self._events is not None:
            self._events.close()
        if self._executions is not None:
            self._executions.close()
        stops = [scheduler.stop() for scheduler in self._schedulers.values()]
        if self._destinations is not None:
            stops.append(self._destinations.sent())
        with suppress(asyncio.TimeoutError):  # the guard ends the rest
            await asyncio.wait_for(asyncio.gather(*stops), self._stop_seconds())
        if self._destinations is not None:
            self._destinations.close()
            self.clock.close()
        self._close_servers()
        await connections_closed()
        self._guard.close()

    def _close_servers(self) -> None:
        for server in self._servers:
            server.close()
        self._servers.clear()

    def _stop_seconds(self) -> float:
        if any(config.extensions for config in self._configs):
            return STOP_SECONDS + EXTENSION_SECONDS
        return STOP_SECONDS

    def _fail(self, error: OSError) -> None:
        if not self.failure.done():
            self.failure.set_result(error)
