"""Web applications for test_web_function.py: they count the requests that are there at once."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

from lambda_ric import asgi, on_shutdown

here = 0
most = 0
gate = threading.Event()
lock = threading.Lock()


@on_shutdown
def say_goodbye():
    print("goodbye", flush=True)


async def app(scope, receive, send):
    global here, most
    if scope["type"] == "lifespan":
        await receive()
        while not Path(os.environ.get("READY_FILE", "/")).exists():
            await asyncio.sleep(0.01)
        if "FAILS" in os.environ:
            await send({"type": "lifespan.startup.failed", "message": "no database"})
            return
        scope["state"]["shared"] = []
        print("started", flush=True)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        print("stopped", flush=True)
        await send({"type": "lifespan.shutdown.complete"})
        return
    here += 1
    most = max(most, here)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/pieces":
        for part in (b"a", b"b"):
            await send({"type": "http.response.body", "body": part, "more_body": True})
            gone = await receive() if part == b"a" else None
            assert gone is None or gone["type"] == "http.request"
    elif scope["path"] == "/pause":
        await asyncio.sleep(0.05)
    scope["state"]["shared"].append(1)
    text = f"{len(scope['state']['shared'])} {most} {scope['root_path']} {scope['scheme']}"
    here -= 1
    await send({"type": "http.response.body", "body": text.encode()})


mounted = asgi(app, base_path="/shop")


def wsgi_app(environ, start_response):
    global here, most
    with lock:
        here += 1
        most = max(most, here)
        if here == 3:
            gate.set()
    if environ["PATH_INFO"] == "/meet":
        gate.wait(10)
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"first "
    yield f"{most} {environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']}".encode()
    with lock:
        here -= 1


def handler(event, context):
    return event
