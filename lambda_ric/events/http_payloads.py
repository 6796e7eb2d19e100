"""The payloads that the HTTP front ends of Lambda make of a request, field by field.

The sample events are made of them, and the emulator's front doors make theirs of real requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lambda_ric.events.http_request import HttpRequest
from lambda_ric.events.identity import ACCOUNT, Event
from lambda_ric.events.moment import Moment

_NOBODY = (
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
"""Members of the identity that are null for a caller who is not known."""


class Resource(NamedTuple):
    """Which route of an API a request took.

    `context_path` is the path in the request context: with the stage, which `path` is without.
    """

    template: str
    id: str
    stage: str
    context_path: str
    parameters: Mapping[str, str] | None


def payload_1(
    request: HttpRequest,
    when: Moment,
    api: str,
    resource: Resource,
    *,
    request_id: str,
    extended_id: str,
    account: str = ACCOUNT,
) -> Event:
    """Return a request in payload format 1.0, as REST APIs have it.

    Missing parts of a request are null here, never left out.
    """
    return {
        "resource": resource.template,
        "path": request.path,
        "httpMethod": request.method,
        "headers": request.last_headers,
        "multiValueHeaders": request.header_lists,
        "queryStringParameters": request.last_values or None,
        "multiValueQueryStringParameters": request.all_values or None,
        "pathParameters": dict(resource.parameters) if resource.parameters else None,
        "stageVariables": None,
        "requestContext": {
            "resourceId": resource.id,
            "resourcePath": resource.template,
            "httpMethod": request.method,
            "extendedRequestId": extended_id,
            "requestTime": when.request_time,
            "path": resource.context_path,
            "accountId": account,
            "protocol": "HTTP/1.1",
            "stage": resource.stage,
            "domainPrefix": api,
            "requestTimeEpoch": when.milliseconds,
            "requestId": request_id,
            "identity": {
                **dict.fromkeys(_NOBODY),
                "sourceIp": request.client,
                "userAgent": request.agent,
            },
            "domainName": request.host,
            "apiId": api,
        },
        "body": request.body or None,
        "isBase64Encoded": request.is_base64,
    }


def payload_2(
    request: HttpRequest,
    when: Moment,
    api: str,
    request_id: str,
    *,
    route: str = "$default",
    stage: str = "$default",
    account: str = ACCOUNT,
) -> Event:
    """Return a request in payload format 2.0, as function URLs and HTTP APIs have it.

    Missing parts of a request are left out.
    """
    event: Event = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": request.headers,
        "requestContext": {
            "accountId": account,
            "apiId": api,
            "domainName": request.host,
            "domainPrefix": api,
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": "HTTP/1.1",
                "sourceIp": request.client,
                "userAgent": request.agent or "",
            },
            "requestId": request_id,
            "routeKey": route,
            "stage": stage,
            "time": when.request_time,
            "timeEpoch": when.milliseconds,
        },
        "isBase64Encoded": request.is_base64,
    }
    if request.query:
        event["queryStringParameters"] = request.joined_values
    if request.body:
        event["body"] = request.body
    return event


def load_balancer(request: HttpRequest, target_group: str, *, multi_value: bool) -> Event:
    """Return a request as an Application Load Balancer hands it on; `target_group` is an ARN.

    The query stays encoded.
    """
    event: Event = {
        "requestContext": {"elb": {"targetGroupArn": target_group}},
        "httpMethod": request.method,
        "path": request.path,
    }
    if multi_value:
        event["multiValueQueryStringParameters"] = request.raw_values
        event["multiValueHeaders"] = request.header_lists
    else:
        event["queryStringParameters"] = dict(request.raw_pairs)
        event["headers"] = request.last_headers
    event["body"] = request.body
    event["isBase64Encoded"] = request.is_base64
    return event
