"""Hooks that run before worker processes are forked, under both names, and what they leave."""

import asyncio
import os
import time

from awslambdaric.lambda_concurrency_hooks import register_pre_fork

from lambda_ric import before_fork

calls = []


@register_pre_fork
def first():
    calls.append(["first", os.getpid()])


@before_fork
async def second():
    await asyncio.sleep(0.01)
    calls.append(["second", os.getpid()])


if os.environ.get("FAIL"):

    @register_pre_fork
    def fails():
        print("about to fail")
        if os.environ["FAIL"] == "exit":
            raise SystemExit(7)
        raise RuntimeError("no model")

    @before_fork
    def later():
        print("later")


def handler(event, context):
    if event == "die":
        os._exit(3)
    if "meet" in event:  # the other workers
        place, count = event["meet"], event["count"]
        with open(os.path.join(place, str(os.getpid())), "w"):
            pass
        while len(os.listdir(place)) < count:
            time.sleep(0.01)
    return {"calls": calls, "pid": os.getpid(), "parent": os.getppid(), "named": first.__name__}


async def coroutine(event, context):
    return handler(event, context)
