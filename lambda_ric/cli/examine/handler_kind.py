"""Kinds of handlers: how the runtime calls them and sends their results."""

from __future__ import annotations

import inspect
import os
import sys
from typing import Any

from lambda_ric.ondemand.report import Report, explain
from lambda_ric.runtime.errors import HANDLER_NOT_FOUND

_APPLICATION_ARGUMENTS = (("scope", "receive", "send"), ("environ", "start_response"))

_SENDABLE = (dict, list, tuple, str, int, float, bytes)
_IMPORT_MACHINERY = ("<frozen ", os.path.join("importlib", "__init__.py"))


def describe_function(function: Any) -> dict[str, Any]:
    """Return kind and place of a handler, and why it cannot be called as one, if so."""
    if not inspect.isroutine(function):
        from lambda_ric.sdk.web.asgi import AsgiHandler  # and asyncio, which functions do without
        from lambda_ric.sdk.web.wsgi import WsgiHandler

        if isinstance(function, AsgiHandler | WsgiHandler):
            kind = "ASGI application" if isinstance(function, AsgiHandler) else "WSGI application"
            return {"kind": kind, "file": _file_of(function.app), "problem": None}
    code = inspect.unwrap(function) if callable(function) else function
    return {
        "kind": kind_of(function),
        "file": _file_of(code),
        "problem": _problem(function),
    }


def kind_of(function: Any) -> str:
    """Return a key of KINDS, by what the function or the object's `__call__` is."""
    if not callable(function):
        return "not callable"
    code = inspect.unwrap(function)
    if inspect.isclass(code):
        return "class"
    if not inspect.isroutine(code):
        code = getattr(code, "__call__", code)  # noqa: B004 - what it is, not whether it is
    if inspect.isasyncgenfunction(code):
        return "async generator"
    if inspect.iscoroutinefunction(code):
        return "async function"
    if inspect.isgeneratorfunction(code):
        return "generator"
    return "function"


def describe_error(error: BaseException, name: str) -> dict[str, Any]:
    """Return what Lambda would report of an error that loading the handler raised."""
    report = explain(error)
    candidates: list[str] = []
    if report.error_type == HANDLER_NOT_FOUND:
        module_name, colon, _ = name.partition(":")
        if not colon:
            module_name = name.rpartition(".")[0]
        module = sys.modules.get(module_name.replace("/", "."))
        candidates = _applications_of(module) if colon else _handlers_of(module)
    return {
        "errorType": report.error_type,
        "errorMessage": report.message,
        "stackTrace": _own_stack(report),
        "candidates": candidates,
    }


def _own_stack(report: Report) -> list[str]:
    """Return the stack of an error without the import machinery that led to the user's code.

    A fault that loading the handler has found has none: its cause says which line of the user's
    code imports what is missing.
    """
    stack = list(report.stack_trace)
    while stack and any(part in stack[0] for part in _IMPORT_MACHINERY):
        del stack[0]
    if not stack and report.related:
        return _own_stack(report.related[0])
    return stack


def _problem(function: Any) -> str | None:
    if not callable(function):
        return f"it cannot be called: it is of type {type(function).__name__}"
    if inspect.isclass(function) and not issubclass(function, _SENDABLE):
        return "it is a class: a call makes an object of it, which cannot be sent as JSON"
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return None  # built in C: nothing is known of its arguments
    try:
        signature.bind(None, None)
    except TypeError as error:
        return f"it cannot be called with an event and a context: {error}"
    return None


def _handlers_of(module: Any) -> list[str]:
    """Return the functions of a module that could be meant."""
    return [
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value)
        and value.__module__ == module.__name__
        and not name.startswith("_")
        and _problem(value) is None
    ]


def _applications_of(module: Any) -> list[str]:
    """Return the web applications of a module: objects that can be called as such."""
    from lambda_ric.ondemand import web_application

    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not inspect.isclass(value)
        and type(value).__module__ != "typing"  # `Any` can be called, before Python 3.11
        and (not inspect.isroutine(value) or _names_of(value) in _APPLICATION_ARGUMENTS)
        and web_application.kind_of(value) is not None
    ]


def _names_of(function: Any) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()


def _file_of(code: Any) -> str | None:
    try:
        file = inspect.getsourcefile(code)
        return f"{file}:{inspect.getsourcelines(code)[1]}" if file else None
    except (TypeError, OSError):
        return None
