"""The local Lambda within a test: real processes behind a real endpoint. Needs `httpx`.

    with Emulator("app.handler", cwd="examples/hello") as emulator:
        result = emulator.invoke({"name": "Ada"})
        assert result.payload == {"hello": "Ada"}

Use it where the process matters: timeouts, crashes, memory, streams, parallel invokes, code that
calls Lambda through boto3. For everything else, `lambda_ric.testing.invoke` is faster.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO, cast

from lambda_ric.caller.client import (
    InvokeStream,
    LambdaClient,
)
from lambda_ric.caller.invoke_api import InvocationType, InvokeRequest, InvokeResult, encode_event
from lambda_ric.emulator import Listening, LogPrinter, Service
from lambda_ric.emulator.destination import check_destinations
from lambda_ric.emulator.function import DurableConfig, FunctionOptions
from lambda_ric.emulator.gateway.routes import parse_route
from lambda_ric.emulator.gateway.settings import BUFFERED, FrontDoorKind, HttpListening
from lambda_ric.emulator.scheduling.async_queue import RETRY_DELAY
from lambda_ric.testing.async_emulator import AsyncEmulator
from lambda_ric.testing.served_functions import (
    NO_EVENT,
    ServedFunction,
    configurations,
    made_durable,
)
from lambda_ric.testing.service_thread import ServiceLog, ServiceThread

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from lambda_ric.testing.executions import DurableExecutions


class Emulator:
    """Serves functions on a free port of the loopback interface, within a `with` block.

    It serves `handler`, a Python handler as `module.function`, or `functions`, several handlers by
    name: a handler each, or a dict of a `handler` with options and an `env` of its own. `command`
    is a runtime client in any language; its handlers are its own, and naming one is optional.
    Functions run in the directory `cwd`, with the variables of this process and those of `env`.

    `options` are those of a function, with the defaults of FunctionConfig: `name`, `version`,
    `timeout` in seconds, `memory` in mebibytes and whether to `limit_memory`, `concurrency` and
    whether to `throttle` further invokes, `tenant_isolation`, `snap_start`, and `extensions`, each
    a command in shell words or `NAME=COMMAND`. For Event invokes, they are
    `maximum_retry_attempts`, `maximum_event_age` in seconds, and the destinations `on_success`
    and `on_failure`: the name of another function, the URL or ARN of an SQS queue, or the ARN of
    an SNS topic. `async_retry_delay` is the time in seconds before a failed one is retried.

    `http` adds a front door, at `http_url`: "function-url", "http-api", "http-api-1.0",
    "rest-api", "alb" or "alb-multi-value". `invoke_mode` is its "BUFFERED" or "RESPONSE_STREAM",
    `routes` are the routes of an API, such as "GET /items/{id}=orders".

    `durable` makes all functions durable, or those that it names; `executions` are their
    executions. With `skip_time` their waits and retry delays pass at once. `state` is an
    SQLite file that keeps them beyond the emulator. An execution may take `execution_timeout`
    seconds, and is kept for `retention_days` after its end.

    `async with` works too, and yields an AsyncEmulator. Raises TypeError for both `handler` and
    `functions`, if there is nothing to serve, and for an option that there is not; ValueError for
    a front door that there is not, and for a destination that there is not.
    """

    def __init__(
        self,
        handler: str | None = None,
        *,
        functions: Mapping[str, str | ServedFunction] | None = None,
        command: Sequence[str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        env: Mapping[str, str] | None = None,
        async_retry_delay: float = RETRY_DELAY,
        port: int = 0,
        http: str | None = None,
        invoke_mode: str = BUFFERED,
        routes: Sequence[str] = (),
        durable: bool | Collection[str] = False,
        skip_time: bool = False,
        state: str | os.PathLike[str] | None = None,
        execution_timeout: int = DurableConfig.execution_timeout,
        retention_days: int = DurableConfig.retention_days,
        **options: Unpack[FunctionOptions],
    ) -> None:
        if (handler and functions) or not (handler or functions or command):
            raise TypeError("Emulator takes one of handler and functions, or a command")
        served = functions or {"": handler or ""}
        self._configs = configurations(served, command, cwd, env or {}, options)
        if durable:
            settings = DurableConfig(execution_timeout, retention_days)
            self._configs = made_durable(self._configs, durable, settings)
        check_destinations(self._configs)
        self._skip_time = skip_time
        self._state = os.fspath(state) if state is not None else None
        self._by_name = functions is not None
        self._retry_delay = async_retry_delay
        self._listening = Listening(port=port)
        self._http = None
        if http is not None:
            self._http = HttpListening(
                FrontDoorKind(http), invoke_mode=invoke_mode, routes=tuple(map(parse_route, routes))
            )
            self._http.check([config.name for config in self._configs])
        self._log = ServiceLog()
        self._thread: ServiceThread | None = None
        self._service: Service | None = None
        self._client: LambdaClient | None = None

    @property
    def url(self) -> str:
        """The URL that it listens at; pass it to boto3 as `endpoint_url`."""
        if self._service is None or self._service.url is None:
            raise RuntimeError("the emulator has not been started")
        return self._service.url

    @property
    def http_url(self) -> str:
        """The URL of the front door, which ends with a slash. Needs the option `http`."""
        if self._service is None or self._service.http_url is None:
            raise RuntimeError("the emulator has no front door, or has not been started")
        return self._service.http_url

    @property
    def log(self) -> str:
        """The log so far: START, the functions' output, END, REPORT."""
        return self._log.text

    def invoke(
        self,
        event: Any = NO_EVENT,
        *,
        function: str | None = None,
        invocation_type: InvocationType = "RequestResponse",
        client_context: Mapping[str, Any] | None = None,
        tenant_id: str | None = None,
        qualifier: str | None = None,
        durable_execution_name: str | None = None,
    ) -> InvokeResult:
        """Invoke a function, by default the first one, and return the outcome.

        `event` is sent as JSON, bytes unchanged. The result has the end of the log. Raises
        InvokeRefused when Lambda would refuse the request.
        """
        request = self._request(
            event,
            function,
            invocation_type=invocation_type,
            client_context=client_context,
            tenant_id=tenant_id,
            qualifier=qualifier,
            durable_execution_name=durable_execution_name,
        )
        return self._connected().invoke(request)

    def stream(
        self, event: Any = NO_EVENT, *, function: str | None = None, qualifier: str | None = None
    ) -> AbstractContextManager[InvokeStream]:
        """Invoke a function whose result is read while it is made: iterate over its chunks."""
        return self._connected().stream(self._request(event, function, qualifier=qualifier))

    def restart(self, function: str | None = None) -> None:
        """Replace the environments of one function, or of all; running invocations finish."""
        service, thread = self._service, self._thread
        if service is None or thread is None:
            raise RuntimeError("the emulator has not been started")
        thread.call(lambda: service.restart(function))

    @property
    def executions(self) -> DurableExecutions:
        """The executions of durable functions."""
        if self._thread is None:
            raise RuntimeError("the emulator has not been started")
        from lambda_ric.testing.executions import DurableExecutions  # with the room for them

        return DurableExecutions(self._thread)

    def advance(self, seconds: float) -> None:
        """Put the clock of the emulator forward: what is due by then happens now, in order."""
        if self._thread is None:
            raise RuntimeError("the emulator has not been started")
        self._thread.ask(lambda service: service.clock.advance(seconds))

    def start(self) -> None:
        """Listen, and start the functions, as `with` does. Raises OSError for a taken port."""
        names = [config.name for config in self._configs]
        printer = LogPrinter(cast(TextIO, self._log), functions=names)
        self._thread = ServiceThread(
            lambda: Service(
                self._configs,
                by_name=self._by_name,
                listening=self._listening,
                http=self._http,
                console=printer,
                retry_delay=self._retry_delay,
                skip_time=self._skip_time,
                state=self._state,
            )
        )
        self._service = self._thread.start()

    def stop(self) -> None:
        """End it with all its processes, within two seconds; may be called more than once."""
        if self._client is not None:
            self._client.close()
            self._client = None
        if self._thread is not None:
            self._thread.stop()

    def _connected(self) -> LambdaClient:
        if self._client is None:
            self._client = LambdaClient(self.url)
        return self._client

    def _request(self, event: Any, function: str | None, **options: Any) -> InvokeRequest:
        name = function or self._configs[0].name
        synchronous = options.get("invocation_type", "RequestResponse") == "RequestResponse"
        return InvokeRequest(encode_event(event), name, log_tail=synchronous, **options)

    def __enter__(self) -> Emulator:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> AsyncEmulator:
        await asyncio.to_thread(self.start)
        self._async = AsyncEmulator(self)
        return self._async

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._async.aclose()
        await asyncio.to_thread(self.stop)
