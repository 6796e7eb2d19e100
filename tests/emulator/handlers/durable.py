"""Durable handlers that speak the protocol themselves, without an SDK."""

from __future__ import annotations

import json
import os
import urllib.request
from typing import Any
from urllib.parse import quote


class Steps:
    """What a handler knows of its execution, and its way to checkpoint."""

    def __init__(self, event: dict[str, Any]) -> None:
        operations = event["InitialExecutionState"]["Operations"]
        self.arn = event["DurableExecutionArn"]
        self.token = event["CheckpointToken"]
        self.known = {operation["Id"]: operation for operation in operations}
        self.input = json.loads(operations[0]["ExecutionDetails"]["InputPayload"])

    def checkpoint(self, *updates: dict[str, Any]) -> None:
        path = f"/2025-12-01/durable-executions/{quote(self.arn, safe='')}/checkpoint"
        body = json.dumps({"CheckpointToken": self.token, "Updates": updates}).encode()
        with urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL_LAMBDA"] + path, body) as answer:
            state = json.load(answer)
        self.token = state.get("CheckpointToken")
        for operation in state["NewExecutionState"]["Operations"]:
            self.known[operation["Id"]] = operation

    def once(self, name: str, result: str) -> None:
        if name not in self.known:
            start = {"Id": name, "Type": "STEP", "Action": "START"}
            self.checkpoint(start, {**start, "Action": "SUCCEED", "Payload": json.dumps(result)})

    def is_open(self, name: str, kind: str, **options: Any) -> bool:
        if name not in self.known:
            self.checkpoint({"Id": name, "Name": name, "Type": kind, "Action": "START", **options})
        return self.known[name]["Status"] == "STARTED"


PENDING = {"Status": "PENDING"}


def order(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Reserve, wait for a day, and then for an approval."""
    steps = Steps(event)
    steps.once("reserve", "reserved")
    if steps.is_open("day", "WAIT", WaitOptions={"WaitSeconds": 86_400}):
        return PENDING
    if steps.is_open("approval", "CALLBACK", CallbackOptions={"TimeoutSeconds": 3_600}):
        return PENDING
    approval = steps.known["approval"]
    if approval["Status"] != "SUCCEEDED":
        error = approval["CallbackDetails"]["Error"]
        return {"Status": "FAILED", "Error": error}
    result = {"order": steps.input, "approval": approval["CallbackDetails"]["Result"]}
    return {"Status": "SUCCEEDED", "Result": json.dumps(result)}


def waits(event: dict[str, Any], context: object) -> dict[str, Any]:
    steps = Steps(event)
    if steps.is_open("day", "WAIT", WaitOptions={"WaitSeconds": 86_400}):
        return PENDING
    return {"Status": "SUCCEEDED", "Result": json.dumps(steps.input)}


def chained(event: dict[str, Any], context: object) -> dict[str, Any]:
    steps = Steps(event)
    target = {"FunctionName": steps.input}
    if steps.is_open("call", "CHAINED_INVOKE", Payload='"hello"', ChainedInvokeOptions=target):
        return PENDING
    details = steps.known["call"]["ChainedInvokeDetails"]
    return {"Status": "SUCCEEDED", "Result": json.dumps(details)}


def plain(event: Any, context: object) -> Any:
    return {"echo": event}


def crashes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """End the process once, after a step was reported."""
    steps = Steps(event)
    if "work" not in steps.known:
        steps.once("work", "done")
        os._exit(1)
    return {"Status": "SUCCEEDED", "Result": steps.known["work"]["StepDetails"]["Result"]}


def invalid(event: dict[str, Any], context: object) -> str:
    return "no answer"
