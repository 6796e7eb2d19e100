from __future__ import annotations

import atexit
import os
import signal
import sys
import time

import lambda_ric

HOOKS = os.environ.get("HOOKS", "first second").split()


def first():
    sys.stdout.write("hook first\n")  # in one piece, as several processes write


async def second():
    import asyncio  # not at the top, since it takes longer to import than all the rest

    await asyncio.sleep(0)
    sys.stdout.write("hook second\n")  # in one piece, as several processes write


def failing():
    raise ValueError("in hook")


async def failing_async():
    raise ValueError("in async hook")


async def too_slow():
    import asyncio

    try:
        await asyncio.sleep(60)
    finally:
        print("hook cancelled")


def slow():
    print("slow begins")
    limit = time.monotonic() + 0.3
    while time.monotonic() < limit:
        time.sleep(0.01)
    print("slow ends")


def exits():
    sys.exit(3)


for name in HOOKS:
    lambda_ric.on_shutdown(globals()[name])

atexit.register(print, "atexit ran")


def own(number, frame):
    print("own handler")
    if os.environ.get("OWN") == "exits":
        raise SystemExit(5)


if "OWN" in os.environ:
    signal.signal(signal.SIGTERM, signal.SIG_IGN if os.environ["OWN"] == "ignores" else own)


def handler(event, context):
    if "sleep" in event:
        try:
            print("handler begins")
            time.sleep(event["sleep"])
        finally:
            print("handler's finally")
    return "served"


async def async_handler(event, context):
    import asyncio

    if "sleep" in event:
        try:
            print("handler begins")
            await asyncio.sleep(event["sleep"])
        finally:
            print("handler's finally")
    return "served"
