"""What `parallel` does, by coroutines. It is apart from it since `asyncio` takes long to import."""

from __future__ import annotations

import asyncio
import functools
import os
import sys

from tests.handlers.parallel import all_are_here, come, facts
from tests.handlers.parallel import misbehaves as misbehaves_plainly


async def handler(event, context):
    if "meet" in event:
        come(event, context)
        while not all_are_here(event):
            await asyncio.sleep(0.005)
    return {**facts(event, context), "loop": id(asyncio.get_running_loop())}


async def generator(event, context):
    yield str(os.getpid())


def decorate(function):
    @functools.wraps(function)
    def wrapper(event, context):
        return function(event, context)

    return wrapper


decorated = decorate(handler)
partial = functools.partial(handler)


class AsyncObject:
    async def __call__(self, event, context):
        return facts(event, context)


callable_object = AsyncObject()


async def misbehaves(event, context):
    if "stop_loop" in event:
        asyncio.get_running_loop().stop()
    if "background" in event:
        task = asyncio.create_task(exit_later(event["background"]))
        await asyncio.sleep(60)
        return task.done()
    return misbehaves_plainly(event, context)


async def exit_later(code):
    await asyncio.sleep(0)
    sys.exit(code)
