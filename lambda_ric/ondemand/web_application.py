"""Handlers that are named with a colon: web applications, ASGI or WSGI."""

from __future__ import annotations

import functools
import inspect

from lambda_ric.runtime import doors
from lambda_ric.runtime.errors import HANDLER_NOT_FOUND, MALFORMED_HANDLER_NAME, Fault
from lambda_ric.runtime.handler import load_module
from lambda_ric.sdk.web.asgi import AsgiHandler, asgi
from lambda_ric.sdk.web.wsgi import WsgiHandler, wsgi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.runtime.handler import Function
    from lambda_ric.runtime.loop import Runtime

_FACTORY = "()"


def load(name: str) -> Function:
    """Import what `module:application` names, and return it as a handler.

    Dots may lead into objects, as in `main:api.app`; `main:create_app()` calls a factory. Raises a
    Fault when there is no such application; an exception of its own code passes through as it is.
    """
    module_name, _, path = name.partition(":")
    attributes = path.removesuffix(_FACTORY).split(".")
    if not module_name or not all(attribute.isidentifier() for attribute in attributes):
        message = f"Bad handler '{name}': a web application is named as in main:app"
        raise Fault(MALFORMED_HANDLER_NAME, message)
    found: Any = load_module(module_name)
    for attribute in attributes:
        try:
            found = getattr(found, attribute)
        except AttributeError:
            message = f"Application '{path}' missing on module '{module_name}'"
            raise Fault(HANDLER_NOT_FOUND, message) from None
    return as_handler(found() if path.endswith(_FACTORY) else found, name)


def as_handler(application: Any, name: str) -> Function:
    """Return the handler for an application of either kind. Raises a Fault for anything else."""
    if isinstance(application, (AsgiHandler, WsgiHandler)):
        return application
    kind = kind_of(application)
    if kind == "ASGI":
        return asgi(application)
    if kind == "WSGI":
        return wsgi(application)
    raise Fault(
        HANDLER_NOT_FOUND,
        f"'{name}' is neither an ASGI nor a WSGI application but of type "
        f"{type(application).__name__} (a factory is named {name.removesuffix(_FACTORY)}(), "
        f"a Lambda handler {name.removesuffix(_FACTORY).replace(':', '.')})",
    )


def kind_of(application: Any) -> str | None:
    """Return "ASGI", "WSGI", or None: a coroutine function is ASGI, as uvicorn sees it.

    Else what counts is how many arguments it takes: three as in ASGI, or two as in WSGI.
    """
    if not callable(application):
        return None
    if inspect.isclass(application):
        return "ASGI" if hasattr(application, "__await__") else None
    call = application if inspect.isroutine(application) else application.__call__
    code = application.func if isinstance(application, functools.partial) else call
    if inspect.iscoroutinefunction(inspect.unwrap(code)):
        return "ASGI"
    try:
        parameters = inspect.signature(call).parameters.values()
    except (TypeError, ValueError):  # built in C
        return "WSGI"
    if any(parameter.kind == parameter.VAR_POSITIONAL for parameter in parameters):
        return "WSGI"
    needed = [p.name for p in parameters if p.default is p.empty and p.kind < p.VAR_POSITIONAL]
    if needed == ["event", "context"]:
        return None  # a handler
    return {2: "WSGI", 3: "ASGI"}.get(len(needed))


def start(runtime: Runtime, function: Function) -> None:
    """Run the lifespan's start-up, where the handler is an ASGI application, wrapped or not.

    Raises LifespanError when the application cannot start.
    """
    handler = inspect.unwrap(function)
    if isinstance(handler, AsgiHandler) and handler.lifespan.pending:
        doors.event_loop(runtime).run(handler.lifespan.start(), 0)
