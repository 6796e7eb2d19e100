"""Durable handlers that speak the protocol themselves, without an SDK."""

from __future__ import annotations

import json
import os
import time
from socket import create_connection

from light_http import Connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


ADDRESS = os.environ["AWS_ENDPOINT_URL_LAMBDA"].removeprefix("http://")


class Steps:
    """What a handler knows of its execution, and its way to checkpoint."""

    def __init__(self, event: dict[str, Any]) -> None:
        state = event["InitialExecutionState"]
        operations = state["Operations"]
        self.arn = event["DurableExecutionArn"]
        self.token = event["CheckpointToken"]
        while state["NextMarker"]:
            state = self.ask(f"/state?{self.after(state['NextMarker'])}")
            operations += state["Operations"]
        self.known = {operation["Id"]: operation for operation in operations}
        self.input = json.loads(operations[0]["ExecutionDetails"]["InputPayload"])

    def checkpoint(self, *updates: dict[str, Any]) -> None:
        body = {
            "CheckpointToken": self.token,
            "ClientToken": os.urandom(16).hex(),
            "Updates": updates,
        }
        state = self.send(json.dumps(body))
        self.token = state.get("CheckpointToken")
        for operation in state["NewExecutionState"]["Operations"]:
            self.known[operation["Id"]] = operation

    def after(self, marker: str) -> str:
        return f"CheckpointToken={_quoted(self.token)}&Marker={_quoted(marker)}"

    @property
    def path(self) -> str:
        return f"/2025-12-01/durable-executions/{_quoted(self.arn)}"

    def ask(self, end: str, body: str = "") -> dict[str, Any]:
        method = "POST" if body else "GET"
        status, _, answer = Connection(ADDRESS).request(method, self.path + end, body)
        if status >= 300:
            raise ConnectionError(f"{status} {answer}")
        state: dict[str, Any] = json.loads(answer)
        return state

    def send(self, body: str) -> dict[str, Any]:
        return self.ask("/checkpoint", body)

    def once(self, name: str, result: str) -> None:
        if name not in self.known:
            start = {"Id": name, "Type": "STEP", "Action": "START"}
            self.checkpoint(start, {**start, "Action": "SUCCEED", "Payload": json.dumps(result)})

    def is_open(self, name: str, kind: str, **options: Any) -> bool:
        if name not in self.known:
            self.checkpoint({"Id": name, "Name": name, "Type": kind, "Action": "START", **options})
        return self.known[name]["Status"] == "STARTED"


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


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


def sleeps(event: Any, context: object) -> None:
    time.sleep(60)


def crashes(event: dict[str, Any], context: object) -> dict[str, Any]:
    """End the process once, after a step was reported."""
    steps = Steps(event)
    if "work" not in steps.known:
        steps.once("work", "done")
        os._exit(1)
    return {"Status": "SUCCEEDED", "Result": steps.known["work"]["StepDetails"]["Result"]}


def invalid(event: dict[str, Any], context: object) -> str:
    return "no answer"


class Cut(Steps):
    """Loses each request once, and the answer to it once; then it sends it again, as SDKs do."""

    def send(self, body: str) -> dict[str, Any]:
        fields = f"Host: localhost\r\nContent-Length: {len(body)}\r\n\r\n"
        whole = f"POST {self.path}/checkpoint HTTP/1.1\r\n{fields}{body}".encode()
        self.lose(whole[: -len(body) // 2])
        self.lose(whole)
        return super().send(body)

    def lose(self, sent: bytes) -> None:
        host, _, port = ADDRESS.partition(":")
        with create_connection((host, int(port))) as connection:
            connection.sendall(sent)


def cut(event: dict[str, Any], context: object) -> dict[str, Any]:
    steps = Cut(event)
    for name in ("first", "second"):
        steps.once(name, name)
    if steps.is_open("day", "WAIT", WaitOptions={"WaitSeconds": 86_400}):
        return PENDING
    return {"Status": "SUCCEEDED", "Result": json.dumps(steps.input)}


def stale(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Use a token twice in the first invocation, which ends it as the SDKs end theirs."""
    steps = Steps(event)
    is_first = "work" not in steps.known
    token = steps.token
    steps.once("work", "done")
    if is_first:
        steps.token = token
        steps.once("again", "never")
    return {"Status": "SUCCEEDED", "Result": json.dumps(sorted(steps.known))}


def long(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Make many steps, a hundred in each checkpoint."""
    steps = Steps(event)
    for start in range(0, steps.input, 100):
        names = [f"step-{number}" for number in range(start, start + 100)]
        steps.checkpoint(*[{"Id": name, "Type": "STEP", "Action": "SUCCEED"} for name in names])
    return {"Status": "SUCCEEDED", "Result": json.dumps(len(steps.known))}


def answers(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer an HTTP request after a day."""
    steps = Steps(event)
    if steps.is_open("day", "WAIT", WaitOptions={"WaitSeconds": 86_400}):
        return PENDING
    answer = {"statusCode": 201, "body": f"path {steps.input['rawPath']}"}
    return {"Status": "SUCCEEDED", "Result": json.dumps(answer)}
