from __future__ import annotations

import os
import signal
import sys
import threading
import time

from lambda_ric import StreamingResponse

TRACE = "_X_AMZN_TRACE_ID"


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
    if "meet" in event:
        come(event, context)
        limit = time.monotonic() + 30
        while not all_are_here(event):
            if time.monotonic() > limit:
                raise TimeoutError(f"only {os.listdir(event['meet'])} met")
            time.sleep(0.005)
    return facts(event, context)


def come(event, context):
    open(os.path.join(event["meet"], context.aws_request_id), "w").close()


def all_are_here(event):
    return len(os.listdir(event["meet"])) >= event["count"]


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
