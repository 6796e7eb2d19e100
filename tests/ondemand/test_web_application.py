"""Handlers that are named with a colon, and the life of their applications."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest

from lambda_ric.ondemand.web_application import kind_of
from lambda_ric.testing import Event, events
from tests.support.half_reader import HalfReader
from tests.support.runtime import serving

pytestmark = [pytest.mark.measured, pytest.mark.slow]


def request(path: str = "/", query: str = "") -> Event:
    return Event(events.function_url("GET", path, query=query))


@pytest.mark.parametrize(
    "name", ["web:app", "web:create_app()", "web:Namespace.app", "web:ready_made", "web.ready_made"]
)
def test_an_asgi_application_is_served_on_one_loop(name: str) -> None:
    with serving(name, [request(), request()]) as runtime:
        first, second = [post.json() for post in runtime.posts(2)]
    assert first["statusCode"] == 200
    assert first == second


def test_a_wsgi_application_is_served_in_the_main_thread() -> None:
    with serving("web:wsgi_app", [request("/a")]) as runtime:
        assert runtime.result()["body"] == "/a MainThread"


@pytest.mark.parametrize(
    ("name", "error_type", "message"),
    [
        ("web:", "Runtime.MalformedHandlerName", "Bad handler 'web:'"),
        (":app", "Runtime.MalformedHandlerName", "Bad handler ':app'"),
        ("web:a b", "Runtime.MalformedHandlerName", "Bad handler 'web:a b'"),
        ("web:app(1)", "Runtime.MalformedHandlerName", "Bad handler 'web:app(1)'"),
        ("web:nothing", "Runtime.HandlerNotFound", "Application 'nothing' missing on module 'web'"),
        ("nowhere:app", "Runtime.ImportModuleError", "Unable to import module 'nowhere'"),
        ("sys:app", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys"),
        ("web:handler", "Runtime.HandlerNotFound", "a Lambda handler web.handler"),
        ("web:create_app", "Runtime.HandlerNotFound", "a factory is named web:create_app()"),
        ("web:TEXT", "Runtime.HandlerNotFound", "neither an ASGI nor a WSGI application"),
    ],
)
def test_what_is_no_application_is_an_error_of_the_initialization(
    name: str, error_type: str, message: str
) -> None:
    with serving(name) as runtime:
        error = runtime.result()
        assert runtime.exit_code() == 1
    assert error["errorType"] == error_type
    assert message in error["errorMessage"]


def test_the_lifespan_is_that_of_the_process() -> None:
    with serving("web:app", [request(), request()]) as runtime:
        assert len(runtime.posts(2)) == 2
        runtime.api.wait_until_idle()
        assert runtime.terminate() == 0
        log = runtime.log
    assert log.count("starting True") == log.count("stopping") == 1
    assert log.index("stopping") < log.index("goodbye")
    assert "left behind" not in log


def test_the_lifespan_starts_in_the_initialization() -> None:
    with serving("web:app") as runtime:
        runtime.api.wait_until_idle()
        runtime.until_logged("starting True")


def test_a_wrapped_application_starts_in_the_initialization_too() -> None:
    with serving("web.wrapped", [request()]) as runtime:
        assert runtime.result()["statusCode"] == 200
        assert runtime.log.count("starting True") == 1


def test_an_application_that_cannot_start_is_an_error_of_the_initialization() -> None:
    with serving("web:cannot_start") as runtime:
        error = runtime.result()
        assert runtime.exit_code() == 1
    assert error["errorType"] == "LifespanError"
    assert error["errorMessage"] == "the application failed to start: no database"


def test_a_client_that_leaves_ends_the_application() -> None:
    event = json.dumps(events.function_url("GET", "/")).encode()
    reader = HalfReader([event])
    environ = {"LAMBDA_RIC_STREAM": "1", "AWS_LAMBDA_RUNTIME_API": reader.address}
    with serving("web:endless", environ=environ) as runtime:
        reader.wait_for("streams")
        reader.streams[0].close()
        log = runtime.until_logged("send raised ClientDisconnected", "received http.disconnect")
    reader.close()
    assert "Exception in ASGI application" not in log


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the modes differ where there is fork")
def test_several_requests_at_once_share_the_loop_and_keep_their_context() -> None:
    count = 4
    script = [request(f"/meet/{count}", query=f"id={number}") for number in range(count)]
    environ = {"AWS_LAMBDA_MAX_CONCURRENCY": str(count)}
    with serving("web:app", script, environ=environ) as runtime:
        bodies = [post.json()["body"].split() for post in runtime.posts(count)]
    assert sorted(mine for mine, _, _ in bodies) == [f"id={number}" for number in range(count)]
    assert all(mine == noted for mine, noted, _ in bodies)
    assert len({process for _, _, process in bodies}) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the modes differ where there is fork")
def test_several_streamed_answers_at_once_share_the_loop() -> None:
    count = 4
    script = [request(f"/meet/{count}", query=f"id={number}") for number in range(count)]
    environ = {"AWS_LAMBDA_MAX_CONCURRENCY": str(count), "LAMBDA_RIC_STREAM": "1"}
    with serving("web:app", script, environ=environ) as runtime:
        bodies = [post.body.rpartition(b"\0")[2].decode().split() for post in runtime.posts(count)]
    assert sorted(mine for mine, _, _ in bodies) == [f"id={number}" for number in range(count)]
    assert all(mine == noted for mine, noted, _ in bodies)


async def asgi_function(scope: object, receive: object, send: object) -> None:
    """ASGI."""


def wsgi_function(environ: object, start_response: object) -> None:
    """WSGI."""


class AsgiObject:
    async def __call__(self, scope: object, receive: object, send: object) -> None:
        """ASGI."""


class WsgiObject:
    def __call__(self, environ: object, start_response: object) -> None:
        """WSGI."""


class AsgiClass:
    def __init__(self, scope: object, receive: object, send: object) -> None:
        """ASGI."""

    def __await__(self) -> Iterator[None]:
        yield


class Swapped:
    """As Sentry's middleware: the instance has the method that is called."""

    __slots__ = ("__call__",)

    def __init__(self) -> None:
        self.__call__ = asgi_function


@pytest.mark.parametrize(
    ("application", "kind"),
    [
        (asgi_function, "ASGI"),
        (AsgiObject(), "ASGI"),
        (AsgiClass, "ASGI"),
        (Swapped(), "ASGI"),
        (lambda scope, receive, send: None, "ASGI"),
        (wsgi_function, "WSGI"),
        (WsgiObject(), "WSGI"),
        (lambda *arguments: None, "WSGI"),
        (max, "WSGI"),  # written in C, it does not tell its arguments
        (lambda event, context: None, None),
        (lambda: None, None),
        (lambda scope: None, None),
        (WsgiObject, None),
        ("text", None),
        (None, None),
    ],
)
def test_the_kind_of_an_application_is_known(application: object, kind: str | None) -> None:
    assert kind_of(application) == kind
