"""Tells how much memory the process holds, in bytes."""

import os

PAGE = os.sysconf("SC_PAGE_SIZE")


def handler(event, context):
    if event != "measure":
        return {"event": event, "id": context.aws_request_id, "text": "x" * 1000}
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * PAGE
