from __future__ import annotations

import asyncio
import time

from lambda_ric import HttpPrelude

MEBIBYTE = 1_048_576
PIECE = b"x" * 65_536


def large(event, context):
    """Stream so many mebibytes."""
    for _ in range(event["mebibytes"] * MEBIBYTE // len(PIECE)):
        yield PIECE


def timed(event, context):
    """Tell with each piece when it was made."""
    for _ in range(event["count"]):
        yield f"{time.time():.6f}\n"
        time.sleep(event["pause"])


async def words(event, context):
    yield HttpPrelude(200, {"content-type": "text/plain"}, ["a=b"])
    for word in event["words"]:
        await asyncio.sleep(0)
        yield word
    if "fail" in event:
        raise ValueError(event["fail"])


def endless(event, context):
    try:
        while True:
            yield PIECE
    finally:
        print("the generator was closed")


def chosen(event, context):
    return globals()[event.pop("use")](event, context)
