from __future__ import annotations

import functools
import os
import time

from lambda_ric import HttpPrelude, StreamingResponse
from lambda_ric.runtime import errors


def three(event, context):
    yield b"one"
    yield "zwöi 2"
    yield bytearray(b"three")
    yield memoryview(b"-4-")


async def three_async(event, context):
    yield b"one"
    yield "zwöi 2"
    yield bytearray(b"three")
    yield memoryview(b"-4-")


async def coroutine_returns_generator(event, context):
    return three(event, context)


def returns_streaming_response(event, context):
    kind = event.pop("body", "list")
    bodies = {
        "list": ["a", b"b"],
        "text": "whole",
        "bytes": b"whole",
        "async": three_async(event, context),
        "sync": three(event, context),
        "number": 5,
        "closable": Closable(),
    }
    return StreamingResponse(bodies[kind], **event)


class Closable:
    def __iter__(self):
        return iter([b"x"])

    def close(self):
        print("closed the body")


def with_prelude(event, context):
    yield HttpPrelude(201, {"X-A": "ä", "X-N": 1}, ["a=b", "c=d"])
    yield b"body"


def with_late_prelude(event, context):
    yield b"body"
    yield HttpPrelude(201)


def nothing(event, context):
    yield from ()


def nothing_but_a_prelude(event, context):
    yield HttpPrelude(204)


def empty_pieces(event, context):
    yield b""
    yield HttpPrelude(200)
    yield ""
    yield b"x"
    yield b""


def wrong_piece(event, context):
    yield b"right"
    yield {"a": 1}


def surrogate(event, context):
    yield "right"
    yield "\ud800"


def fails_at_once(event, context):
    raise ValueError("before")
    yield


async def fails_at_once_async(event, context):
    raise ValueError("before")
    yield


class OddError(Exception):
    pass


def fails_later(event, context):
    yield b"begun"
    raise OddError(event.get("message", "after") * event.get("times", 1))


async def fails_later_async(event, context):
    yield b"begun"
    raise OddError("after")


def fails_deep(event, context):
    yield b"begun"

    def dig(depth):
        if depth:
            dig(depth - 1)
        else:
            raise OddError("deep")

    dig(event["depth"])


def fails_oddly_named(event, context):
    yield b"begun"
    raise type("Line\r\nFeed", (Exception,), {})("odd")


def raises_what_the_runtime_raises(event, context):
    yield b"begun"
    if event["error"] == "Undelivered":
        raise errors.Undelivered(errors.STREAM_INTERRUPTED, "mine")
    raise errors.RuntimeApiError("mine")


def exits(event, context):
    yield b"begun"
    raise SystemExit(7)


def endless(event, context):
    sent = 0
    try:
        while True:
            yield b"x" * 65536
            sent += 1
            with open(event["progress"], "w") as progress:
                progress.write(str(sent))
    finally:
        print("finally after", sent >= 0)


async def endless_async(event, context):
    import asyncio  # not at the top, since it takes longer to import than all the rest

    try:
        while True:
            yield b"x" * 65536
    finally:
        await asyncio.sleep(0)
        print("finally of async")


def stubborn(event, context):
    try:
        while True:
            yield b"x" * 65536
    finally:
        raise KeyError("in finally")


def first_then_wait(event, context):
    yield b"first"
    while not os.path.exists(event["gate"]):
        time.sleep(0.01)
    yield b"second"


class Callable_:
    def __call__(self, event, context):
        yield b"from an object"

    async def method(self, event, context):
        yield b"from a method"


handler_object = Callable_()
bound_method = handler_object.method


def decorator(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


decorated = decorator(three)
decorated_async = decorator(three_async)


def _partial(extra, event, context):
    yield extra


partial = functools.partial(_partial, b"partial")


def plain(event, context):
    return "plain"


def chosen(event, context):
    return globals()[event.pop("use")](event, context)
