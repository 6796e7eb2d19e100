"""A durable function that dies now and then, and writes down what it does: for durable/soak.py."""

from __future__ import annotations

import json
import os
import random

from durable import PENDING, Steps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

DEATHS = float(os.environ.get("DEATHS", "0"))
"""How likely the process dies before a checkpoint, and how likely after it."""


def note(*words: str) -> None:
    """Append a line to the journal, in one piece even if this process dies in the next moment."""
    journal = os.open(os.environ["JOURNAL"], os.O_WRONLY | os.O_APPEND)
    os.write(journal, (" ".join(words) + "\n").encode())
    os.close(journal)


def die_perhaps() -> None:
    if random.random() < DEATHS:
        os._exit(1)


def journey(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Make some steps, a wait, and the chained invoke of a plain function."""
    steps = Steps(event)
    execution = steps.input["number"]
    for number in range(steps.input["steps"]):
        name = f"step-{number}"
        if name not in steps.known:
            note("runs", str(execution), name)
            die_perhaps()
            steps.once(name, name)
            note("done", str(execution), name)
            die_perhaps()
        if number == 1 and steps.is_open("wait", "WAIT", WaitOptions={"WaitSeconds": 1}):
            return PENDING
    target = {"FunctionName": "plain"}
    payload = json.dumps(execution)
    if steps.is_open("call", "CHAINED_INVOKE", Payload=payload, ChainedInvokeOptions=target):
        return PENDING
    return {"Status": "SUCCEEDED", "Result": steps.known["call"]["ChainedInvokeDetails"]["Result"]}
