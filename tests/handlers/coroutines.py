from __future__ import annotations

import asyncio
import contextvars
import logging
import sys
import threading

from lambda_ric import StreamingResponse

loops: set[int] = set()
marker: contextvars.ContextVar[str] = contextvars.ContextVar("marker", default="unset")
kept: list[object] = []


async def handler(event, context):
    return await globals()[event["use"]](event, context)


async def echo(event, context):
    await asyncio.sleep(0)
    return event


async def loop_id(event, context):
    loop = asyncio.get_running_loop()
    assert asyncio.get_event_loop() is loop
    loops.add(id(loop))
    return [len(loops), type(loop).__module__.split(".")[0]]


async def fails(event, context):
    await asyncio.sleep(0)
    raise ValueError("async failure")


async def sleeps(event, context):
    try:
        await asyncio.sleep(60)
    finally:
        print("cleaned up")


async def ignores_the_cancellation(event, context):
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return "saved"


async def cancels_itself(event, context):
    raise asyncio.CancelledError("my own")


async def cancels_a_child(event, context):
    child = asyncio.create_task(asyncio.sleep(60))
    asyncio.get_running_loop().call_soon(child.cancel)
    await child


async def remaining(event, context):
    return context.get_remaining_time_in_millis()


async def _background():
    try:
        await asyncio.sleep(3600)
    finally:
        print("background ended", flush=True)


async def leaves_a_task(event, context):
    kept.append(asyncio.create_task(_background(), name="keeper"))
    await asyncio.sleep(0)
    return len(kept)


async def leaves_a_thread(event, context):
    """Leave a thread that ends with a task, as the threads of AnyIO do."""
    ended = threading.Event()
    kept.append(asyncio.create_task(_background(), name="keeper"))
    kept[-1].add_done_callback(lambda _: ended.set())
    threading.Thread(target=ended.wait).start()
    await asyncio.sleep(0)


async def exits(event, context):
    sys.exit(event["code"])


async def interrupts(event, context):
    raise KeyboardInterrupt


async def _exit_soon(code):
    sys.exit(code)


async def exits_in_the_background(event, context):
    kept.append(asyncio.create_task(_exit_soon(event["code"])))
    await asyncio.sleep(60)


class OwnBaseException(BaseException):
    pass


async def raises_base_exception(event, context):
    raise OwnBaseException("mine")


async def context_variables(event, context):
    seen = marker.get()
    marker.set(event["set"])
    logging.getLogger().warning("logged by %s", event["set"])
    return seen


async def group(event, context):
    results = await asyncio.gather(*(echo(n, context) for n in range(3)))
    return results


class Awaitable:
    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        return "awaited"


def returns_awaitable(event, context):
    return Awaitable()


def sync(event, context):
    return "asyncio" in sys.modules


class Handler:
    async def __call__(self, event, context):
        return "object"


handler_object = Handler()


async def stream_in_one_task(event, context):
    """What breaks when each step runs in a task of its own."""
    marker.set("inside")
    task = asyncio.current_task()
    async with asyncio.Lock():
        for number in range(3):
            assert asyncio.current_task() is task
            assert marker.get() == "inside"
            yield f"{number} "
            await asyncio.sleep(0)


async def stream_over_its_time(event, context):
    try:
        yield "begun"
        await asyncio.sleep(60)
    finally:
        await asyncio.sleep(0)
        print("stream cleaned up")


async def stream_cancels_itself(event, context):
    yield "begun"
    raise asyncio.CancelledError("my own")


async def stream_exits(event, context):
    yield "begun"
    sys.exit(9)


class Counter:
    """An async iterable that is no generator, with a close() that must not be called."""

    def __init__(self):
        self.left = 3

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self.left:
            raise StopAsyncIteration
        self.left -= 1
        return str(self.left)

    async def aclose(self):
        print("aclose was awaited")

    async def close(self):
        raise AssertionError


async def plain_iterable(event, context):
    return StreamingResponse(Counter())


def chosen(event, context):
    return globals()[event["use"]](event, context)
