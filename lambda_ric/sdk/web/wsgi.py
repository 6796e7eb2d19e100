"""WSGI applications as handlers (PEP 3333)."""

from __future__ import annotations

import os
import sys
from io import BytesIO

from lambda_ric.sdk.responses import StreamingResponse
from lambda_ric.sdk.web import front_door
from lambda_ric.sdk.web.bodies import encode_text
from lambda_ric.sdk.web.options import chosen_base_path, chosen_events_path, chosen_stream
from lambda_ric.sdk.web.pass_through import event_request
from lambda_ric.sdk.web.wsgi_exchange import WsgiExchange

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.sdk.handler_types import Handler
    from lambda_ric.sdk.web.request import HttpRequest

    WsgiApplication: TypeAlias = Callable[[Any, Any], Iterable[bytes]]


def wsgi(
    app: WsgiApplication,
    *,
    base_path: str = "",
    stream: bool | None = None,
    events_path: str | None = None,
) -> Handler[Any, Any]:
    """Return a handler that serves a WSGI application, such as Flask, Django or Bottle.

    Events, responses and arguments are those of `asgi`; the `base_path` becomes `SCRIPT_NAME`. The
    application runs in the thread that serves the invocation, never on an event loop.
    """
    return WsgiHandler(
        app, chosen_base_path(base_path), chosen_stream(stream), chosen_events_path(events_path)
    )


class WsgiHandler:
    """A WSGI application that is called with events."""

    def __init__(self, app: WsgiApplication, base_path: str, stream: bool, events: str) -> None:
        self.app = app
        self.base_path = base_path
        self._stream = stream
        self._events_path = events

    def __call__(self, event: Any, context: LambdaContext, /) -> Any:
        """Return the application's response, in the form of the front door.

        Raises EventNotHandled if it refuses an event that is not an HTTP request, and a Fault if
        its response is too large.
        """
        request = front_door.read(event, self.base_path)
        if request is None:
            request = event_request(event, self._events_path)
        environ = environ_of(request)
        environ["aws.event"] = event
        environ["aws.context"] = context
        exchange = WsgiExchange(self.app, environ)
        if self._stream and request.can_stream:
            return StreamingResponse(exchange)
        exchange.run()
        return request.answer(exchange.status, exchange.fields, exchange.body)


def environ_of(request: HttpRequest) -> dict[str, Any]:
    """Return the environment of a request."""
    path = request.path.removeprefix(request.root_path)
    host, port = request.server or ("localhost", 443)
    mode = os.environ.get("AWS_LAMBDA_CONCURRENCY_MODE", "").lower()
    several = "AWS_LAMBDA_MAX_CONCURRENCY" in os.environ
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": _as_latin_1(request.root_path),
        "PATH_INFO": _as_latin_1(path),
        "QUERY_STRING": _as_latin_1(request.query),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "REMOTE_ADDR": request.client[0] if request.client else "",
        "RAW_URI": f"{request.raw_path}?{request.query}" if request.query else request.raw_path,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": several and mode not in ("", "process"),
        "wsgi.multiprocess": several and mode in ("", "process", "hybrid"),
        "wsgi.run_once": False,
    }
    for name, value in request.fields:
        key = name.replace("-", "_").upper()
        if "_" in name:
            continue  # it would be mistaken for the field with a hyphen
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        text = _as_latin_1(value)
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


def _as_latin_1(text: str) -> str:
    """Return bytes as PEP 3333 requires them: each byte is one character."""
    return text if text.isascii() else encode_text(text).decode("latin-1")
