from __future__ import annotations

import asyncio
import functools
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from lambda_ric import StreamingResponse

TRACE = "_X_AMZN_TRACE_ID"
logger = logging.getLogger()
inside = 0
most = 0
turn = threading.Lock()


def enter():
    global inside, most
    with turn:
        inside += 1
        most = max(most, inside)


def leave():
    global inside
    with turn:
        inside -= 1


def facts(event, context):
    return {
        "pid": os.getpid(),
        "thread": threading.current_thread().name,
        "main": threading.current_thread() is threading.main_thread(),
        "parent": os.getppid(),
        "id": context.aws_request_id,
    }


def handler(event, context):
    """Wait until as many invocations as the event says run at once, and tell the facts."""
    enter()
    try:
        if "meet" in event:
            meet(Path(event["meet"]), event["count"], context.aws_request_id)
        return facts(event, context)
    finally:
        leave()


def meet(place, count, name):
    (place / name).touch()
    limit = time.monotonic() + 30
    while len(list(place.iterdir())) < count:
        if time.monotonic() > limit:
            raise TimeoutError(f"only {len(list(place.iterdir()))} met")
        time.sleep(0.005)


async def async_handler(event, context):
    if "meet" in event:
        place = Path(event["meet"])
        (place / context.aws_request_id).touch()
        while len(list(place.iterdir())) < event["count"]:
            await asyncio.sleep(0.005)
    return {**facts(event, context), "loop": id(asyncio.get_running_loop())}


async def async_generator(event, context):
    yield str(os.getpid())


def decorate(function):
    @functools.wraps(function)
    def wrapper(event, context):
        return function(event, context)

    return wrapper


decorated_async = decorate(async_handler)
partial_async = functools.partial(async_handler)


class AsyncObject:
    async def __call__(self, event, context):
        return facts(event, context)


async_object = AsyncObject()


def misbehaves(event, context):
    if "exit" in event:
        sys.exit(event["exit"])
    if "kill" in event:
        os.kill(os.getpid(), signal.SIGKILL)
    if "raise" in event:
        raise ValueError(event["raise"])
    if "stream" in event:
        return StreamingResponse([event["stream"]])
    return facts(event, context)


async def async_misbehaves(event, context):
    if "stop_loop" in event:
        asyncio.get_running_loop().stop()
    if "background" in event:
        task = asyncio.create_task(exit_later(event["background"]))
        await asyncio.sleep(60)
        return task.done()
    return misbehaves(event, context)


async def exit_later(code):
    await asyncio.sleep(0)
    sys.exit(code)


def say(event, context, step):
    """Leave a mark of this invocation wherever it may be mixed up with another."""
    mark = event["mark"]
    print(f"print {mark}", step, mark, sep="|", end=f"|{context.aws_request_id}\n")
    sys.stdout.write(f"write {mark}|")
    sys.stderr.write(f"error {mark}|{step}")
    sys.stdout.writelines([f"{mark}|", context.aws_request_id, "\n"])
    sys.stderr.write(f"|{mark}|{context.aws_request_id}\n")
    logger.warning("record|%s|%s", mark, context.aws_request_id)
    context.log(f"context {mark}|{mark}|{mark}|{context.aws_request_id}\n")
    return [
        context.aws_request_id,
        context.tenant_id,
        os.environ.get(TRACE),
        os.environ[TRACE],
        os.getenv(TRACE),
        TRACE in os.environ,
    ]


def speaks(event, context):
    seen = []
    for step in range(event["steps"]):
        seen.append(say(event, context, step))
        time.sleep(event["pause"])
    print(f"unended {event['mark']}|{event['mark']}|{context.aws_request_id}", end="")
    return {"mark": event["mark"], "seen": seen, "most": most}


async def async_speaks(event, context):
    enter()
    seen = []
    try:
        while most < event["meet"]:
            await asyncio.sleep(0.001)
        for step in range(event["steps"]):
            seen.append(say(event, context, step))
            await asyncio.sleep(event["pause"])
            if step == 1:
                seen.append(await asyncio.to_thread(say, event, context, step))
            if step == 2:
                seen += await asyncio.gather(*(say_later(event, context) for _ in range(2)))
    finally:
        leave()
    print(f"unended {event['mark']}|{event['mark']}|{context.aws_request_id}", end="")
    return {"mark": event["mark"], "seen": seen, "most": most}


async def say_later(event, context):
    await asyncio.sleep(event["pause"])
    return say(event, context, "later")


def speaks_concurrently(event, context):
    enter()
    try:
        while most < event["meet"]:
            time.sleep(0.001)
        return speaks(event, context)
    finally:
        leave()


def sets_trace(event, context):
    before = os.environ.get(TRACE)
    os.environ[TRACE] = "mine"
    between = os.environ[TRACE]
    del os.environ[TRACE]
    os.environ["OTHER"] = "x"
    other = os.environ.pop("OTHER")
    return [before, between, os.environ.get(TRACE), other, "OTHER" in os.environ]


def writes_anywhere(event, context):
    print(event)
    return "written"


def ignores_sigterm(event, context):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    return os.getpid()
