"""ASGI applications as handlers."""

from __future__ import annotations

from lambda_ric.sdk.responses import StreamingResponse
from lambda_ric.sdk.web import front_door
from lambda_ric.sdk.web.bodies import encode_text
from lambda_ric.sdk.web.exchange import Exchange, StreamedExchange
from lambda_ric.sdk.web.lifespan import Lifespan
from lambda_ric.sdk.web.options import chosen_base_path, chosen_events_path, chosen_stream
from lambda_ric.sdk.web.pass_through import event_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any, Literal, TypeAlias

    from lambda_ric.runtime.context import LambdaContext
    from lambda_ric.sdk.handler_types import AsyncHandler
    from lambda_ric.sdk.web.request import Fields, HttpRequest

    AsgiApplication: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]


def asgi(
    app: AsgiApplication,
    *,
    lifespan: Literal["auto", "on", "off"] = "auto",
    base_path: str = "",
    stream: bool | None = None,
    events_path: str | None = None,
) -> AsyncHandler[Any, Any]:
    """Return a handler that serves an ASGI application, such as FastAPI, Starlette or Django.

    It takes the events of function URLs, API Gateway (REST APIs, HTTP APIs of either payload
    format) and load balancers, and returns the result in the form that each expects. The lifespan
    of the application starts once per execution environment, before the first invocation.

    Args:
        app: The application.
        lifespan: "auto" runs the lifespan if the application has one; "on" requires one.
        base_path: Where the application is mounted, such as "/shop": its `root_path`. Without it,
            that is the stage of the API; "/" means no base path.
            `AWS_LWA_REMOVE_BASE_PATH` sets it if the code does not.
        stream: Whether responses are streamed: the function URL or REST API must be set to
            streaming as well. Without it, `LAMBDA_RIC_STREAM=1` or
            `AWS_LWA_INVOKE_MODE=response_stream` decides.
        events_path: Path to which events that are not HTTP requests are posted as JSON; the body
            of the response is the result. Without it, `AWS_LWA_PASS_THROUGH_PATH` or "/events";
            "" refuses these events.

    Raises ValueError for another `lifespan`.
    """
    return AsgiHandler(
        app,
        Lifespan(app, lifespan),
        chosen_base_path(base_path),
        chosen_stream(stream),
        chosen_events_path(events_path),
    )


class AsgiHandler:
    """An ASGI application that is called with events."""

    def __init__(
        self, app: AsgiApplication, lifespan: Lifespan, base_path: str, stream: bool, events: str
    ) -> None:
        self.app = app
        self.lifespan = lifespan
        self.base_path = base_path
        self._stream = stream
        self._events_path = events

    async def __call__(self, event: Any, context: LambdaContext, /) -> Any:
        """Return the application's response, in the form of the front door.

        Raises LifespanError if the application cannot start, EventNotHandled if it refuses an
        event that is not an HTTP request, and a Fault if its response is too large.
        """
        if self.lifespan.pending:
            await self.lifespan.start()
        request = front_door.read(event, self.base_path)
        if request is None:
            request = event_request(event, self._events_path)
        scope = scope_of(request, self.lifespan.state)
        scope["aws.event"] = event
        scope["aws.context"] = context
        if self._stream and request.can_stream:
            return StreamingResponse(StreamedExchange(self.app, scope, request.body))
        exchange = Exchange(request.body, request.method)
        await exchange.run(self.app, scope)
        return request.answer(exchange.status, exchange.fields, exchange.body)


def scope_of(request: HttpRequest, state: dict[str, Any]) -> dict[str, Any]:
    """Return the connection scope of a request, with a copy of the state for its own use."""
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": request.http_version,
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.raw_path.encode(),
        "query_string": encode_text(request.query),
        "root_path": request.root_path,
        "headers": _encoded(request.fields),
        "client": request.client,
        "server": request.server,
        "state": state.copy(),
    }


def _encoded(fields: Fields) -> list[tuple[bytes, bytes]]:
    try:
        return [(name.encode(), value.encode()) for name, value in fields]
    except UnicodeEncodeError:
        return [(encode_text(name), encode_text(value)) for name, value in fields]
