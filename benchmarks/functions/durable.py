"""A durable function that speaks the protocol itself, so that no SDK's time is measured."""

from __future__ import annotations

import json
import os
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

connection = HTTPConnection(urlsplit(os.environ["AWS_ENDPOINT_URL_LAMBDA"]).netloc)


def checkpoint(event: dict[str, Any], updates: list[dict[str, Any]]) -> None:
    arn = quote(event["DurableExecutionArn"], safe="")
    body = json.dumps({"CheckpointToken": event["CheckpointToken"], "Updates": updates})
    connection.request("POST", f"/2025-12-01/durable-executions/{arn}/checkpoint", body)
    response = connection.getresponse()
    answer = json.load(response)
    event["CheckpointToken"] = answer["CheckpointToken"]


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Finish some steps in the first invocation, then wait as often as the input says."""
    operations = event["InitialExecutionState"]["Operations"]
    wanted = json.loads(operations[0]["ExecutionDetails"]["InputPayload"])
    waits = [operation for operation in operations if operation["Type"] == "WAIT"]
    if len(operations) == 1 and wanted["steps"]:
        names = [f"step-{number}" for number in range(wanted["steps"])]
        checkpoint(event, [{"Id": name, "Type": "STEP", "Action": "SUCCEED"} for name in names])
    if waits and waits[-1]["Status"] == "STARTED":
        return {"Status": "PENDING"}
    if len(waits) < wanted["waits"]:
        wait = {"Id": f"wait-{len(waits)}", "Type": "WAIT", "Action": "START"}
        checkpoint(event, [{**wait, "WaitOptions": {"WaitSeconds": wanted["seconds"]}}])
        return {"Status": "PENDING"}
    return {"Status": "SUCCEEDED", "Result": "true"}
