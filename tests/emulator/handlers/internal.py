"""A function with an internal extension that subscribes to telemetry while it loads."""

from __future__ import annotations

import json
import os

from light_http import Connection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

api = Connection(os.environ["AWS_LAMBDA_RUNTIME_API"])
SUBSCRIPTIONS = json.loads(os.environ["SUBSCRIBE"])


def call(method: str, path: str, body: Any, **fields: str) -> tuple[int, Any, str]:
    status, headers, answer = api.request(method, path, json.dumps(body), **fields)
    return status, json.loads(answer), headers.get("lambda-extension-identifier", "")


register = "/2020-01-01/extension/register"
_, _, ME = call("POST", register, {"events": ["INVOKE"]}, Lambda_Extension_Name="inside")


def subscribe() -> tuple[int, Any]:
    path, request = SUBSCRIPTIONS[0]
    return call("PUT", path, request, Lambda_Extension_Identifier=ME)[:2]


subscribe()


def handler(event: Any, context: Any) -> Any:
    print(event.get("write", "nothing"))
    return subscribe()
