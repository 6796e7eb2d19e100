"""Payload format 1.0: REST APIs, and HTTP APIs that are configured to use it.

Source: "Lambda proxy integrations in API Gateway" in the API Gateway developer guide.
"""

from __future__ import annotations

from urllib.parse import unquote, urlencode

from lambda_ric.sdk.web.bodies import decode_body, encode_body
from lambda_ric.sdk.web.request import HttpRequest, lower, lower_lists, root_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.sdk.web.request import Fields


def read(event: dict[str, Any], base_path: str) -> HttpRequest:
    """Return the request of an event."""
    context = event["requestContext"]
    raw_path, stage_path = _path(event, context, base_path)
    path = unquote(raw_path)
    lists = event.get("multiValueHeaders")
    values = event.get("multiValueQueryStringParameters") or event.get("queryStringParameters")
    return HttpRequest(
        event["httpMethod"],
        path,
        answer=answer,
        root_path=stage_path or root_of(path, base_path),
        raw_path=raw_path,
        query=urlencode(values, doseq=True) if values else "",
        fields=lower_lists(lists.items()) if lists else lower((event.get("headers") or {}).items()),
        body=decode_body(event),
        client=(context.get("identity") or {}).get("sourceIp"),
        host=context.get("domainName"),
        protocol=context.get("protocol"),
        can_stream="version" not in event,  # a REST API
    )


def _path(event: dict[str, Any], context: dict[str, Any], base_path: str) -> tuple[str, str]:
    """Return the path that the client asked for, and which part of it is the stage.

    A REST API leaves the stage out of `path` and has the whole path in the context; behind a domain
    of its own there is no stage in either.
    """
    path = event.get("path") or "/"
    if base_path:
        return path, ""
    stage = context.get("stage") or "$default"
    if "version" in event:  # an HTTP API
        return path, root_of(path, "", None if stage == "$default" else stage)
    root = f"/{stage}"
    if context.get("path") in (root + path, root + path.rstrip("/")):
        return root + path, root
    return path, ""


def answer(status: int, fields: Fields, body: bytes) -> dict[str, Any]:
    """Return the result: single fields, and lists of repeated fields."""
    lists: dict[str, list[str]] = {}
    for name, value in fields:
        lists.setdefault(name, []).append(value)
    text, is_base64 = encode_body(body)
    return {
        "statusCode": status,
        "headers": {name: values[0] for name, values in lists.items() if len(values) == 1},
        "multiValueHeaders": {name: values for name, values in lists.items() if len(values) > 1},
        "body": text,
        "isBase64Encoded": is_base64,
    }
