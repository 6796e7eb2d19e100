"""A function that does what its event says.

Most tests of the emulator start it, so what few of them need is imported there.
"""

from __future__ import annotations

import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def handler(event: Any, context: Any) -> Any:
    for action, value in event.items() if isinstance(event, dict) else []:
        ACTIONS[action](value)
    return {"event": event, "pid": os.getpid(), "request_id": context.aws_request_id}


def fail(message: str) -> None:
    raise ValueError(message)


def allocate(mebibytes: int) -> None:
    block = bytearray(mebibytes * 1_048_576)
    block[::4_096] = b"x" * len(block[::4_096])
    time.sleep(30)


def spawn(_: Any) -> None:
    import subprocess

    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    print("spawned", child.pid, flush=True)


DAEMON = """
import os, sys, time
read, write = os.pipe()
if os.fork():
    os.read(read, 1)  # it has a session of its own now
    os._exit(0)
os.setsid()
print("daemon", os.getpid(), flush=True)
os.write(write, b"x")
os.close(1), os.close(2)
time.sleep(600)
"""


def detach(_: Any) -> None:
    """Start a child in a session of its own, one without variables, and a daemon."""
    import subprocess

    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    for env in (None, {}):
        child = subprocess.Popen(command, start_new_session=True, env=env)
        print("detached", child.pid, flush=True)
    subprocess.run([sys.executable, "-c", DAEMON], check=True)


def write(text: str) -> None:
    print(text, end="", flush=True)


ACTIONS: dict[str, Any] = {
    "sleep": time.sleep,
    "fail": fail,
    "exit": sys.exit,
    "kill": lambda number: os.kill(os.getpid(), number),
    "allocate": allocate,
    "spawn": spawn,
    "detach": detach,
    "write": write,
    "keep": lambda value: value,
}


def big(event: Any, context: Any) -> str:
    return "x" * event["size"]


def environment(event: Any, context: Any) -> dict[str, str]:
    return dict(os.environ)


def describe(event: Any, context: Any) -> dict[str, Any]:
    client_context = context.client_context
    return {
        "arn": context.invoked_function_arn,
        "custom": client_context.custom if client_context else None,
        "trace_id": os.environ.get("_X_AMZN_TRACE_ID"),
        "tenant_id": context.tenant_id,
        "remaining": context.get_remaining_time_in_millis(),
    }


def stream(event: Any, context: Any) -> Iterator[str]:
    """Yield each part, after its pause."""
    for part in event["parts"]:
        yield part
        time.sleep(event.get("pause", 0))


def size(event: str, context: Any) -> int:
    return len(event)


attempts = 0


def third_time(event: Any, context: Any) -> None:
    global attempts
    attempts += 1
    if attempts < 3:
        raise ValueError("not yet")


served_tenants: list[str] = []


def tenants_here(event: Any, context: Any) -> dict[str, Any]:
    if context.tenant_id not in served_tenants:
        served_tenants.append(context.tenant_id)
    if event.get("exit"):
        os._exit(1)
    return {"tenants": served_tenants, "pid": os.getpid()}


variables_at_load = dict(os.environ)


def environment_at_load(event: Any, context: Any) -> dict[str, str]:
    return variables_at_load


def keep_record(event: Any, context: Any) -> None:
    """Print the event, as a destination that shows what it got."""
    import json

    print("record", json.dumps(event), flush=True)


def not_json_text(event: Any, context: Any) -> Iterator[str]:
    yield "not {json"
