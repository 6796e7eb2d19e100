"""Payload format 2.0: function URLs and HTTP APIs.

Source: "Invoking Lambda function URLs" in the AWS Lambda developer guide, and "Create AWS Lambda
proxy integrations for HTTP APIs" in the API Gateway developer guide.
"""

from __future__ import annotations

from urllib.parse import unquote

from lambda_ric.sdk.web.bodies import decode_body, encode_body
from lambda_ric.sdk.web.request import HttpRequest, lower, root_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from lambda_ric.sdk.web.request import Fields

FUNCTION_URL_DOMAIN = ".lambda-url."
HTTP_API_DOMAIN = ".execute-api."


def read(event: dict[str, Any], base_path: str) -> HttpRequest:
    """Return the request of an event."""
    context = event["requestContext"]
    http = context["http"]
    domain = context.get("domainName") or ""
    raw_path = event.get("rawPath") or http.get("path") or "/"
    # A function URL passes the path on as it was sent, an HTTP API has decoded it.
    path = unquote(raw_path) if FUNCTION_URL_DOMAIN in domain else raw_path
    stage = context.get("stage")
    fields = lower((event.get("headers") or {}).items())
    cookies = event.get("cookies")
    if cookies:  # a function URL gives them twice
        fields = [field for field in fields if field[0] != "cookie"]
        fields.append(("cookie", "; ".join(cookies)))
    return HttpRequest(
        http["method"],
        path,
        answer=answer,
        root_path=root_of(path, base_path, None if stage == "$default" else stage),
        raw_path=raw_path if FUNCTION_URL_DOMAIN in domain else None,
        query=event.get("rawQueryString") or "",
        fields=fields,
        body=decode_body(event),
        client=http.get("sourceIp"),
        host=domain,
        protocol=http.get("protocol"),
        can_stream=HTTP_API_DOMAIN not in domain,
    )


def answer(status: int, fields: Fields, body: bytes) -> dict[str, Any]:
    """Return the result: repeated fields joined, cookies in a list of their own."""
    headers, cookies = join_fields(fields)
    text, is_base64 = encode_body(body)
    result: dict[str, Any] = {
        "statusCode": status,
        "headers": headers,
        "body": text,
        "isBase64Encoded": is_base64,
    }
    if cookies:
        result["cookies"] = cookies
    return result


def join_fields(fields: Fields) -> tuple[dict[str, str], list[str]]:
    """Return header fields, those of one name joined by commas, and the cookies that are set."""
    headers: dict[str, str] = {}
    cookies = []
    for name, value in fields:
        if name == "set-cookie":
            cookies.append(value)
        else:
            headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers, cookies
