"""Events of the HTTP front ends: API Gateway REST and HTTP APIs, function URLs, load balancers.

Shapes: "Working with Lambda proxy integrations" and "payload format version" in the API Gateway
developer guide, "Invoking Lambda function URLs" and "Process Application Load Balancer requests"
in the Lambda developer guide.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambda_ric.events.http_payloads import Resource, load_balancer, payload_1, payload_2
from lambda_ric.events.http_request import sample_request
from lambda_ric.events.identity import (
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

    Missing parts of a request are null here, never left out.

    Args:
        method: The HTTP method.
        path: The path, without the stage.
        body: The body: text, bytes (sent as base64), or another value, which becomes JSON.
        query: The query string as a client sends it, such as "a=1&a=2".
        headers: Header fields; they are added to those of every request, and override them.
        resource: The path of the API's resource that the request matches.
        stage: The stage of the API.
    """
    api = new_name(10)
    host = f"{api}.execute-api.{REGION}.amazonaws.com"
    now = Moment()
    request = sample_request(method, path, host, query=query, headers=headers, body=body, when=now)
    proxy = {"proxy": path.lstrip("/")} if resource == "/{proxy+}" else None
    place = Resource(resource, new_name(6), stage, f"/{stage}{path}", proxy)
    return payload_1(request, now, api, place, request_id=new_uuid(), extended_id=new_token(12))


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

    Missing parts of a request are left out.

    Args:
        method: The HTTP method.
        path: The path.
        body: The body: text, bytes (sent as base64), or another value, which becomes JSON.
        query: The query string as a client sends it, such as "a=1&a=2".
        headers: Header fields; they are added to those of every request, and override them.
        cookies: Cookies, such as "theme=dark".
        route: The route that the request matches, such as "GET /hello".
        stage: The stage of the API.
        authorizer: The result of an authorizer in the request context, such as
            {"jwt": {"claims": {...}, "scopes": [...]}}.
    """
    api = new_name(10)
    host = f"{api}.execute-api.{REGION}.amazonaws.com"
    now = Moment()
    request = sample_request(method, path, host, query=query, headers=headers, body=body, when=now)
    event = payload_2(request, now, api, new_uuid(), route=route, stage=stage)
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
    """Return a request to a function URL: payload format 2.0 with the domain of function URLs.

    Args:
        method: The HTTP method.
        path: The path.
        body: The body: text, bytes (sent as base64), or another value, which becomes JSON.
        query: The query string as a client sends it, such as "a=1&a=2".
        headers: Header fields; they are added to those of every request, and override them.
        cookies: Cookies, such as "theme=dark".
    """
    url_id = new_name(32)
    host = f"{url_id}.lambda-url.{REGION}.on.aws"
    now = Moment()
    request = sample_request(method, path, host, query=query, headers=headers, body=body, when=now)
    event = payload_2(request, now, url_id, new_uuid())
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

    Unlike API Gateway, a load balancer leaves the query encoded.

    Args:
        method: The HTTP method.
        path: The path.
        body: The body: text, bytes (sent as base64), or another value, which becomes JSON.
        query: The query string as a client sends it, such as "a=1&a=2".
        headers: Header fields; they are added to those of every request, and override them.
        multi_value: Whether `lambda.multi_value_headers.enabled` is set in the target group.
            Headers and query then come as lists, in members with other names.
    """
    now = Moment()
    host = f"lambda-alb-{new_hex(16)}.{REGION}.elb.amazonaws.com"
    request = sample_request(method, path, host, query=query, headers=headers, body=body, when=now)
    target = arn("elasticloadbalancing", f"targetgroup/lambda/{new_hex(16)}")
    return load_balancer(request, target, multi_value=multi_value)


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
    request = sample_request(method, path, host, query=query, headers=headers, body=body, when=now)
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
