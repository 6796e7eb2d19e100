"""Web applications for test_web_application.py."""

from __future__ import annotations

import asyncio
import functools
import os
import threading
from contextvars import ContextVar

from lambda_ric import asgi, on_shutdown

TEXT = [(b"content-type", b"text/plain")]
noted: ContextVar[str] = ContextVar("noted", default="")


async def answer(send, text, **more):
    await send({"type": "http.response.start", "status": 200, "headers": TEXT, **more})
    await send({"type": "http.response.body", "body": text.encode()})


async def live(receive, send):
    print("starting", await receive() == {"type": "lifespan.startup"}, flush=True)
    keeper = asyncio.create_task(asyncio.sleep(3600), name="keeper")
    await send({"type": "lifespan.startup.complete"})
    await receive()
    keeper.cancel()
    print("stopping", flush=True)
    await send({"type": "lifespan.shutdown.complete"})


barrier = {}


async def app(scope, receive, send):
    """Show the thread and loop that it runs on; /meet/N answers when N requests are there."""
    if scope["type"] == "lifespan":
        await live(receive, send)
        return
    if scope["path"].startswith("/meet/"):
        wanted = int(scope["path"].rpartition("/")[2])
        waiting = barrier.setdefault(wanted, [])
        mine = scope["query_string"].decode()
        noted.set(mine)
        waiting.append(asyncio.Event())
        if len(waiting) == wanted:
            for event in waiting:
                event.set()
        await waiting[-1].wait() if len(waiting) == wanted else await waiting[
            len(waiting) - 1
        ].wait()
        print(f"met {mine}", flush=True)
        await answer(send, f"{mine} {noted.get()} {os.getpid()}")
        return
    await answer(send, str(id(asyncio.get_running_loop())))


async def endless(scope, receive, send):
    """Send pieces until nobody takes them, and say how it learnt that."""
    assert scope["type"] == "http"
    await receive()
    left = asyncio.create_task(receive())
    await send({"type": "http.response.start", "status": 200, "headers": TEXT})
    try:
        while True:
            await send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True})
    except OSError as error:
        print("send raised", type(error).__name__, flush=True)
    print("received", (await left)["type"], flush=True)


async def cannot_start(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "no database"})


def create_app():
    return app


def decorated(function):
    @functools.wraps(function)
    async def outer(event, context):
        return await function(event, context)

    return outer


wrapped = decorated(asgi(app))
ready_made = asgi(app)


class Namespace:
    app = staticmethod(app)


def wsgi_app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['PATH_INFO']} {threading.current_thread().name}".encode()]


def handler(event, context):
    return event


@on_shutdown
def say_goodbye():
    print("goodbye", flush=True)
