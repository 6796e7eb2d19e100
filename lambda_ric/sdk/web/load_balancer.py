"""Application Load Balancers, with and without multi-value headers.

Source: "Lambda functions as targets for Application Load Balancers" in the guide of the load
balancer.
"""

from __future__ import annotations

from itertools import product
from urllib.parse import unquote

from lambda_ric.sdk.web.bodies import decode_body, encode_body
from lambda_ric.sdk.web.payload_2 import join_fields
from lambda_ric.sdk.web.request import HttpRequest, as_sent, lower, lower_lists, root_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from lambda_ric.sdk.web.request import Fields


def read(event: dict[str, Any], base_path: str) -> HttpRequest:
    """Return the request of an event."""
    raw_path = event.get("path") or "/"
    path = unquote(raw_path)
    lists = event.get("multiValueHeaders")
    fields = lower_lists(lists.items()) if lists else lower((event.get("headers") or {}).items())
    forwarded = [value for name, value in fields if name == "x-forwarded-for"]
    return HttpRequest(
        event["httpMethod"],
        path,
        answer=answer if lists is None else answer_with_lists,
        root_path=root_of(path, base_path),
        raw_path=raw_path,
        query=_query(event),
        fields=fields,
        body=decode_body(event),
        # The load balancer appends the address that it saw; a client can write anything before it.
        client=forwarded[-1].rpartition(",")[2].strip() if forwarded else None,
    )


def _query(event: dict[str, Any]) -> str:
    """Return the query, which the load balancer leaves encoded."""
    lists: Mapping[str, list[str]] = event.get("multiValueQueryStringParameters") or {}
    pairs = [(name, value) for name, values in lists.items() for value in values]
    pairs = pairs or list((event.get("queryStringParameters") or {}).items())
    return "&".join([f"{as_sent(name)}={as_sent(value)}" for name, value in pairs])


def answer(status: int, fields: Fields, body: bytes) -> dict[str, Any]:
    """Return the result for a load balancer that knows one value for each name.

    It treats different spellings as different names, so each cookie gets its own spelling.
    """
    headers, cookies = join_fields(fields)
    headers.update(zip(_spellings("set-cookie"), cookies, strict=False))
    return _result(status, body, "headers", headers)


def answer_with_lists(status: int, fields: Fields, body: bytes) -> dict[str, Any]:
    """Return the result for a load balancer with multi-value headers."""
    lists: dict[str, list[str]] = {}
    for name, value in fields:
        lists.setdefault(name, []).append(value)
    return _result(status, body, "multiValueHeaders", lists)


def _result(status: int, body: bytes, name: str, headers: object) -> dict[str, Any]:
    text, is_base64 = encode_body(body)
    return {"statusCode": status, name: headers, "body": text, "isBase64Encoded": is_base64}


def _spellings(name: str) -> Any:
    """Yield a name in all spellings of lower and upper case."""
    letters = [sorted({letter, letter.upper()}, reverse=True) for letter in name]
    return map("".join, product(*letters))
