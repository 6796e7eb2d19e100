"""Handlers that write to the log in every way, while others do the same."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time

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
