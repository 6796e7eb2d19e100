from __future__ import annotations

import asyncio
import os
import time

from lambda_ric import HttpPrelude, StreamingResponse, on_shutdown


@on_shutdown
def say_goodbye():
    print("shutdown hook ran", flush=True)


def handler(event, context):
    kind = event.get("kind", "echo")
    if kind == "generator":
        return generate(event)
    if kind == "response":
        return StreamingResponse(["a", "b"], content_type="text/plain", status_code=201)
    if kind == "raise":
        raise ValueError("mine")
    if kind == "coroutine":
        return coroutine(event, context)
    if kind == "meet":
        limit = time.monotonic() + 30
        path = event["path"]
        open(os.path.join(path, context.aws_request_id), "w").close()
        while len(os.listdir(path)) < event["count"] and time.monotonic() < limit:
            time.sleep(0.01)
    return {"pid": os.getpid(), "id": context.aws_request_id, "uid": os.getuid()}


def generate(event):
    if event.get("prelude"):
        yield HttpPrelude(200, {"a": "b"})
    for number in range(event.get("pieces", 2)):
        yield f"{number};"
    if "fail" in event:
        raise ValueError("x" * event["fail"])


async def coroutine(event, context):
    await asyncio.sleep(event.get("sleep", 0))
    return "awaited"


async def async_handler(event, context):
    if "path" in event:
        limit = time.monotonic() + 30
        open(os.path.join(event["path"], context.aws_request_id), "w").close()
        while len(os.listdir(event["path"])) < event["count"] and time.monotonic() < limit:
            await asyncio.sleep(0.01)
    return {"pid": os.getpid(), "id": context.aws_request_id, "uid": os.getuid()}
