from __future__ import annotations

import asyncio
import os
import random
import sys

if "WITHOUT_AWS" in os.environ:
    sys.modules["snapshot_restore_py"] = None  # as if it was not installed

import lambda_ric

seen: list[object] = []
random.seed(1)


def note(what):
    seen.append(what)
    print(what, flush=True)


@lambda_ric.before_snapshot
def before_one():
    note("before one")
    fail_if("before")


@lambda_ric.before_snapshot
async def before_two():
    await asyncio.sleep(0)
    note("before two, async")


@lambda_ric.after_restore
async def after_one():
    await asyncio.sleep(0)
    note("after one, async")
    note(random.random())


@lambda_ric.after_restore
def after_two():
    note("after two")
    fail_if("after")


def fail_if(when):
    kind, _, how = os.environ.get("FAIL", "").partition(" ")
    if kind == when:
        raise SystemExit(3) if how == "exit" else ValueError(f"in {when} hook")


try:
    import snapshot_restore_py as aws
except ImportError:
    pass
else:
    aws.register_before_snapshot(note, "before three, AWS's")
    aws.register_after_restore(note, what="after three, AWS's")


def handler(event, context):
    return seen
