"""Does what the event says: for emulators, which must take every outcome."""

import json
import logging
import os
import sys

count = 0


def handler(event, context):
    global count
    count += 1
    what = event.get("do") if isinstance(event, dict) else None
    if what == "fail":
        raise ValueError("on request")
    if what == "exit":
        os._exit(event.get("code", 3))
    if what == "leave":
        sys.exit(0)
    if what == "log":
        print("printed")
        logging.warning("logged")
    if what == "bytes":
        return b"\x00\xff"
    if what == "unwritable":
        return {1, 2}
    if what == "size":
        return "x" * event["size"]
    if what == "client context":
        return context.client_context and context.client_context.custom
    if what == "count":
        return count
    if what == "context":
        return {
            "name": context.function_name,
            "version": context.function_version,
            "memory": context.memory_limit_in_mb,
            "arn": context.invoked_function_arn,
            "remaining": 0 < context.get_remaining_time_in_millis() <= 300_000,
            "id": len(context.aws_request_id),
        }
    return {"event": event, "json": json.dumps(event)}
