"""A web application as an HTTP server of its own, as Lambda Web Functions require it.

`AWS_LAMBDA_HTTP_ENDPOINT` names the address. Nobody polls the Runtime API: Lambda connects to the
server, with several requests at once. A well-kept server does the work, uvicorn for ASGI and
waitress for WSGI, which only these functions need to install.

Source: "Lambda Web Functions" in the AWS Lambda developer guide.
"""

from __future__ import annotations

import asyncio
import inspect
import os
import socket
import sys
from importlib import import_module

from lambda_ric.ondemand import shutdown
from lambda_ric.runtime import bootstrap, doors
from lambda_ric.runtime.client import RuntimeApiClient
from lambda_ric.runtime.errors import SettingsError
from lambda_ric.runtime.log_sink import open_log_sink
from lambda_ric.runtime.loop import Current, Runtime
from lambda_ric.sdk.web.asgi import AsgiHandler
from lambda_ric.sdk.web.lifespan import LifespanError
from lambda_ric.sdk.web.request import root_of
from lambda_ric.sdk.web.wsgi import WsgiHandler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.ondemand.report import Report
    from lambda_ric.runtime.settings import Settings

ENDPOINT_VARIABLE = "AWS_LAMBDA_HTTP_ENDPOINT"
DEFAULT_AT_ONCE = 64
MAX_AT_ONCE = 128

_BACKLOG = 1024


def serve(settings: Settings) -> None:
    """Serve HTTP until the process is asked to end. Raises SettingsError if that is impossible."""
    at_once = settings.max_concurrency or DEFAULT_AT_ONCE
    if at_once > MAX_AT_ONCE:
        limit = f"a web function takes up to {MAX_AT_ONCE} requests at once"
        raise SettingsError(f"AWS_LAMBDA_MAX_CONCURRENCY is {at_once}, but {limit}")
    with _bind(settings.http_endpoint) as listener:
        sink = open_log_sink(settings.telemetry_fd)
        runtime = _ServerRuntime(settings, RuntimeApiClient(settings), sink, Current())
        handler = inspect.unwrap(bootstrap.load(runtime))
        if not isinstance(handler, (AsgiHandler, WsgiHandler)):
            raise SettingsError(
                f"{ENDPOINT_VARIABLE} is set, but {settings.handler!r} is not a web "
                "application; name one as in main:app"
            )
        shutdown.catch_sigterm()
        _say_that_it_serves(settings, at_once)
        try:
            if isinstance(handler, AsgiHandler):
                _serve_asgi(runtime, handler, listener, at_once)
            else:
                _serve_wsgi(handler, listener, at_once)
        finally:
            shutdown.run_hooks(runtime)


class _ServerRuntime(Runtime):
    """What loads the application: without a Runtime API its errors go to the log alone."""

    def fail_init(self, report: Report, error_type: str = "") -> None:
        """Log the error of the initialization, and send it if there is a Runtime API."""
        if self.settings.api_host:
            super().fail_init(report, error_type)
        else:
            report.log(self.settings, self.sink, "")


def _bind(endpoint: str) -> socket.socket:
    """Return a socket at an address. It does not listen before the application is ready."""
    host, _, port = endpoint.rpartition(":")
    if not host or "/" in host or not port.isdecimal() or int(port) > 65_535:
        raise SettingsError(f"{ENDPOINT_VARIABLE} is not host:port but {endpoint!r}")
    host = host.strip("[]")
    try:
        (family, kind, _, _, address), *_ = socket.getaddrinfo(
            host, int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        listener = socket.socket(family, kind)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, UnicodeError) as error:  # such as "..", which no host can be named
        raise SettingsError(f"cannot listen at {ENDPOINT_VARIABLE}={endpoint}: {error}") from None
    return listener


def _serve_asgi(
    runtime: Runtime, handler: AsgiHandler, listener: socket.socket, at_once: int
) -> None:
    uvicorn = _import_server("uvicorn", "an ASGI")
    config = uvicorn.Config(
        _limited(handler.app, handler.base_path, at_once),
        lifespan=handler.lifespan.mode,
        interface="asgi3",
        log_config=None,  # the log is Lambda's
        access_log=False,
        forwarded_allow_ips="*",  # Lambda is the only client, and names the real one
        backlog=_BACKLOG,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    try:
        server.run(sockets=[listener])
    except SystemExit:
        if server.started:
            raise
        runtime.fail_init(doors.explain(LifespanError("the application failed to start")))
        sys.exit(1)


def _limited(app: Any, base_path: str, at_once: int) -> Any:
    """Return an application that has no more than that many requests at once; others wait."""
    places = asyncio.Semaphore(at_once)

    async def limited(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        async with places:
            scope["root_path"] = root_of(scope["path"], base_path)
            await app(scope, receive, send)

    return limited


def _serve_wsgi(handler: WsgiHandler, listener: socket.socket, at_once: int) -> None:
    waitress = _import_server("waitress", "a WSGI")
    server = waitress.create_server(
        handler.app,
        sockets=[listener],
        threads=at_once,
        backlog=_BACKLOG,
        connection_limit=_BACKLOG,
        url_prefix=handler.base_path,
        trusted_proxy="*",  # as above
        trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"},
        ident=None,
    )
    server.run()
    server.close()


def _import_server(name: str, kind: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise SettingsError(
            f"{ENDPOINT_VARIABLE} is set, and {kind} application is then served by {name}: "
            f"pip install {name} ({error})"
        ) from None


def _say_that_it_serves(settings: Settings, at_once: int) -> None:
    if not settings.api_host:  # somebody rehearses
        print(
            f"lambda-ric serves {settings.handler} at http://{settings.http_endpoint}, "
            f"{at_once} requests at once",
            file=sys.stderr,
            flush=True,
        )
