"""Events of API Gateway other than plain requests: authorizers and WebSocket connections.

Shapes: "Use API Gateway Lambda authorizers" and "WebSocket API mapping template reference" in
the API Gateway developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambda_ric.events.http import http_api, rest_api
from lambda_ric.events.http_request import AGENT, CLIENT
from lambda_ric.events.identity import REGION, Event, arn, new_name, new_token, new_uuid
from lambda_ric.events.moment import Moment


def token_authorizer(
    token: str = "Bearer allow-me", *, method: str = "GET", path: str = "/hello"
) -> Event:
    """Return the event of a TOKEN authorizer of a REST API."""
    return {
        "type": "TOKEN",
        "methodArn": _method_arn(new_name(10), "prod", method, path),
        "authorizationToken": token,
    }


def request_authorizer(
    method: str = "GET",
    path: str = "/hello",
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
) -> Event:
    """Return the event of a REQUEST authorizer of a REST API."""
    event = rest_api(method, path, query=query, headers=headers)
    del event["body"], event["isBase64Encoded"]
    api, stage = event["requestContext"]["apiId"], event["requestContext"]["stage"]
    return {"type": "REQUEST", "methodArn": _method_arn(api, stage, method, path), **event}


def http_authorizer(
    token: str = "Bearer allow-me", *, method: str = "GET", path: str = "/hello"
) -> Event:
    """Return the event of a Lambda authorizer of an HTTP API (format version 2.0)."""
    event = http_api(method, path, headers={"authorization": token}, route=f"{method} {path}")
    del event["isBase64Encoded"]
    api = event["requestContext"]["apiId"]
    route = _method_arn(api, "$default", method, path)
    return {"type": "REQUEST", "routeArn": route, "identitySource": [token], **event}


def websocket_connect(connection: str = "", *, stage: str = "prod") -> Event:
    """Return the opening of a WebSocket; `connection` is its id, made up when empty."""
    context = _websocket_context("$connect", "CONNECT", connection, stage)
    headers = {
        "Host": context["domainName"],
        "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits",
        "Sec-WebSocket-Key": new_token(16),
        "Sec-WebSocket-Version": "13",
        "User-Agent": AGENT,
        "X-Forwarded-For": CLIENT,
    }
    return _websocket_event(context, headers)


def websocket_message(
    body: str = '{"action": "hello"}',
    *,
    connection: str = "",
    route: str = "$default",
    stage: str = "prod",
) -> Event:
    """Return a message that came over a WebSocket."""
    context = _websocket_context(route, "MESSAGE", connection, stage)
    context["messageId"] = new_token(8)
    return {"requestContext": context, "body": body, "isBase64Encoded": False}


def websocket_disconnect(
    connection: str = "", *, stage: str = "prod", code: int = 1000, reason: str = ""
) -> Event:
    """Return the end of a WebSocket, with the status code and the reason of the close frame."""
    context = _websocket_context("$disconnect", "DISCONNECT", connection, stage)
    context |= {"disconnectStatusCode": code, "disconnectReason": reason}
    return _websocket_event(context, {"Host": context["domainName"], "x-api-key": ""})


def _websocket_event(context: dict[str, Any], headers: dict[str, str]) -> Event:
    return {
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "requestContext": context,
        "isBase64Encoded": False,
    }


def _websocket_context(route: str, kind: str, connection: str, stage: str) -> dict[str, Any]:
    now, api = Moment(), new_name(10)
    return {
        "routeKey": route,
        "eventType": kind,
        "extendedRequestId": new_token(8),
        "requestTime": now.request_time,
        "messageDirection": "IN",
        "stage": stage,
        "connectedAt": now.milliseconds,
        "requestTimeEpoch": now.milliseconds,
        "identity": {"sourceIp": CLIENT, "userAgent": AGENT},
        "requestId": new_uuid(),
        "domainName": f"{api}.execute-api.{REGION}.amazonaws.com",
        "connectionId": connection or new_token(10),
        "apiId": api,
    }


def _method_arn(api: str, stage: str, method: str, path: str) -> str:
    return arn("execute-api", f"{api}/{stage}/{method.upper()}/{path.lstrip('/')}")
