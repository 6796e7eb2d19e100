"""Events of the HTTP front ends: API Gateway REST and HTTP APIs, function URLs, load balancers.

Shapes: "Working with Lambda proxy integrations" and "payload format version" in the API Gateway
developer guide, "Invoking Lambda function URLs" and "Process Application Load Balancer requests"
in the Lambda developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambda_ric.events.http_request import CLIENT, HttpRequest
from lambda_ric.events.identity import (
    ACCOUNT,
    REGION,
    Event,
    arn,
    new_hex,
    new_name,
    new_token,
    new_uuid,
)
from lambda_ric.events.moment import Moment


def rest_api(
    method: str = "GET",
    path: str = "/hello",
    body: Any = None,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    resource: str = "/{proxy+}",
    stage: str = "prod",
) -> Event:
    """Return a request through an API Gateway REST API (payload format 1.0).

    Missing parts of a request are null here, never left out. `path` is without the stage.
    """
    now, api = Moment(), new_name(10)
    host = f"{api}.execute-api.{REGION}.amazonaws.com"
    request = HttpRequest(method, path, host, query=query, headers=headers, body=body, when=now)
    return {
        "resource": resource,
        "path": path,
        "httpMethod": request.method,
        "headers": request.headers,
        "multiValueHeaders": request.header_lists,
        "queryStringParameters": request.last_values or None,
        "multiValueQueryStringParameters": request.all_values or None,
        "pathParameters": {"proxy": path.lstrip("/")} if resource == "/{proxy+}" else None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": new_name(6),
            "resourcePath": resource,
            "httpMethod": request.method,
            "extendedRequestId": new_token(12),
            "requestTime": now.request_time,
            "path": f"/{stage}{path}",
            "accountId": ACCOUNT,
            "protocol": "HTTP/1.1",
            "stage": stage,
            "domainPrefix": api,
            "requestTimeEpoch": now.milliseconds,
            "requestId": new_uuid(),
            "identity": _anonymous(request.agent),
            "domainName": host,
            "apiId": api,
        },
        "body": request.body or None,
        "isBase64Encoded": request.is_base64,
    }


def http_api(
    method: str = "GET",
    path: str = "/hello",
    body: Any = None,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    cookies: list[str] | None = None,
    route: str = "$default",
    stage: str = "$default",
    authorizer: Mapping[str, Any] | None = None,
) -> Event:
    """Return a request through an API Gateway HTTP API (payload format 2.0).

    Missing parts of a request are left out. `authorizer` goes into the request context,
    such as {"jwt": {"claims": {...}, "scopes": [...]}}.
    """
    api = new_name(10)
    host = f"{api}.execute-api.{REGION}.amazonaws.com"
    now = Moment()
    request = HttpRequest(method, path, host, query=query, headers=headers, body=body, when=now)
    event = _payload_2(request, now, api, route=route, stage=stage)
    if authorizer:
        event["requestContext"]["authorizer"] = dict(authorizer)
    if cookies:
        event["cookies"] = cookies
    return event


def function_url(
    method: str = "GET",
    path: str = "/hello",
    body: Any = None,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    cookies: list[str] | None = None,
) -> Event:
    """Return a request to a function URL: payload format 2.0 with the domain of function URLs."""
    url_id = new_name(32)
    host = f"{url_id}.lambda-url.{REGION}.on.aws"
    now = Moment()
    request = HttpRequest(method, path, host, query=query, headers=headers, body=body, when=now)
    event = _payload_2(request, now, url_id, route="$default", stage="$default")
    event["requestContext"]["accountId"] = "anonymous"
    if cookies:
        event["cookies"] = cookies
        event["headers"]["cookie"] = "; ".join(cookies)
    return event


def alb(
    method: str = "GET",
    path: str = "/hello",
    body: Any = None,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
    multi_value: bool = False,
) -> Event:
    """Return a request through an Application Load Balancer.

    Unlike API Gateway it leaves the query encoded. With `multi_value` headers and query come as
    lists, in members of other names, as the target group's attribute
    `lambda.multi_value_headers.enabled` makes it.
    """
    now = Moment()
    host = f"lambda-alb-{new_hex(16)}.{REGION}.elb.amazonaws.com"
    request = HttpRequest(method, path, host, query=query, headers=headers, body=body, when=now)
    raw = [(name, value) for name, _, value in (p.partition("=") for p in query.split("&") if p)]
    target = arn("elasticloadbalancing", f"targetgroup/lambda/{new_hex(16)}")
    event: Event = {
        "requestContext": {"elb": {"targetGroupArn": target}},
        "httpMethod": request.method,
        "path": path,
    }
    if multi_value:
        lists: dict[str, list[str]] = {}
        for name, value in raw:
            lists.setdefault(name, []).append(value)
        event["multiValueQueryStringParameters"] = lists
        event["multiValueHeaders"] = request.header_lists
    else:
        event["queryStringParameters"] = dict(raw)
        event["headers"] = request.headers
    event["body"] = request.body
    event["isBase64Encoded"] = request.is_base64
    return event


def vpc_lattice(
    method: str = "GET",
    path: str = "/hello",
    body: Any = None,
    *,
    query: str = "",
    headers: Mapping[str, str] | None = None,
) -> Event:
    """Return a request through VPC Lattice (event version 2.0)."""
    now = Moment()
    host = f"service-{new_hex(17)}.{new_hex(7)}.vpc-lattice-svcs.{REGION}.on.aws"
    request = HttpRequest(method, path, host, query=query, headers=headers, body=body, when=now)
    event: Event = {
        "version": "2.0",
        "path": f"{path}?{query}" if query else path,
        "method": request.method,
        "headers": request.header_lists,
    }
    if request.pairs:
        event["queryStringParameters"] = request.all_values
    if request.body:
        event["body"] = request.body
        event["isBase64Encoded"] = request.is_base64
    event["requestContext"] = {
        "serviceNetworkArn": arn("vpc-lattice", f"servicenetwork/sn-{new_hex(17)}"),
        "serviceArn": arn("vpc-lattice", f"service/svc-{new_hex(17)}"),
        "targetGroupArn": arn("vpc-lattice", f"targetgroup/tg-{new_hex(17)}"),
        "identity": {"sourceVpcArn": arn("ec2", f"vpc/vpc-{new_hex(17)}")},
        "region": REGION,
        "timeEpoch": str(now.milliseconds * 1000),
    }
    return event


def _payload_2(request: HttpRequest, now: Moment, api: str, *, route: str, stage: str) -> Event:
    event: Event = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": request.headers,
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": api,
            "domainName": request.host,
            "domainPrefix": api,
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": CLIENT,
                "userAgent": request.agent,
            },
            "requestId": new_uuid(),
            "routeKey": route,
            "stage": stage,
            "time": now.request_time,
            "timeEpoch": now.milliseconds,
        },
        "isBase64Encoded": request.is_base64,
    }
    if request.pairs:
        event["queryStringParameters"] = request.joined_values
    if request.body:
        event["body"] = request.body
    return event


def _anonymous(agent: str) -> dict[str, str | None]:
    nobody = (
        "accessKey",
        "accountId",
        "caller",
        "cognitoAuthenticationProvider",
        "cognitoAuthenticationType",
        "cognitoIdentityId",
        "cognitoIdentityPoolId",
        "principalOrgId",
        "user",
        "userArn",
    )
    return {**dict.fromkeys(nobody), "sourceIp": CLIENT, "userAgent": agent}
