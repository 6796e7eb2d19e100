"""Requests and their events, as recorded from the real service."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from mangum import Mangum

from tests.emulator.gateway.front import front
from tests.support.service import scenario

pytestmark = pytest.mark.slow

ORDERS = "POST /api/users/{userId}/orders"
TARGET = "api/users/123/orders?status=pending&tag=important&tag=urgent"
HEADERS = {"User-Agent": "TestAgent", "Cookie": "session=abc; theme=dark", "X-Custom": "value1"}
LOCAL = ("host", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto")


async def event_of(kind: str, target: str = TARGET, **request: Any) -> Any:
    """Return the event that a request becomes, from an HTTP API or a function URL."""
    routes = (request.pop("route"),) if "route" in request else ()
    method = request.pop("method", "POST")
    async with front(kind, "front.reflect", routes=routes) as served:
        response = await served.client.request(method, target, **request)
        assert response.status_code == 200, served.log.getvalue()
        return response.json()


@scenario
async def test_a_function_url_passes_a_request_on_in_format_2() -> None:
    event = await event_of("function-url", headers=HEADERS, content=b"")
    assert event["version"] == "2.0"
    assert event["routeKey"] == "$default"
    assert event["rawPath"] == "/api/users/123/orders"
    assert event["rawQueryString"] == "status=pending&tag=important&tag=urgent"
    assert event["queryStringParameters"] == {"status": "pending", "tag": "important,urgent"}
    assert event["cookies"] == ["session=abc", "theme=dark"]
    assert event["headers"]["cookie"] == "session=abc; theme=dark"
    assert event["headers"]["x-custom"] == "value1"
    assert event["headers"]["x-amzn-tls-version"]
    assert set(LOCAL) <= event["headers"].keys()
    context = event["requestContext"]
    assert context["accountId"] == "anonymous"
    assert context["domainName"].endswith(".lambda-url.us-east-1.on.aws")
    assert context["http"]["sourceIp"] == "127.0.0.1"
    assert context["http"]["userAgent"] == "TestAgent"
    assert {"body", "pathParameters", "stageVariables"}.isdisjoint(event)


@scenario
async def test_a_function_url_passes_the_path_on_as_it_was_sent() -> None:
    event = await event_of("function-url", "pa%20th/%E2%98%95/a%2Fb?q=Hello%20World")
    assert event["rawPath"] == event["requestContext"]["http"]["path"]
    assert event["rawPath"] == "/pa%20th/%E2%98%95/a%2Fb"
    assert event["queryStringParameters"] == {"q": "Hello World"}


@scenario
async def test_an_http_api_passes_a_request_on_in_format_2() -> None:
    event = await event_of("http-api", headers=HEADERS, route=ORDERS)
    assert event["routeKey"] == event["requestContext"]["routeKey"] == ORDERS
    assert event["cookies"] == ["session=abc", "theme=dark"]
    assert "cookie" not in event["headers"]
    assert event["headers"]["content-length"] == "0"
    assert event["pathParameters"] == {"userId": "123"}
    assert event["queryStringParameters"] == {"status": "pending", "tag": "important,urgent"}
    assert event["requestContext"]["stage"] == "$default"


@scenario
async def test_an_http_api_decodes_the_path_but_not_the_query() -> None:
    route = "POST /users/{name}/orders/{order}"
    target = "users/****%20Doe/orders/Summer%20Sale?q=C%23%20x"
    event = await event_of("http-api", target, route=route)
    assert event["rawPath"] == "/users/**** Doe/orders/Summer Sale"
    assert event["requestContext"]["http"]["path"] == event["rawPath"]
    assert event["pathParameters"] == {"name": "**** Doe", "order": "Summer Sale"}
    assert event["rawQueryString"] == "q=C%23%20x"


@scenario
async def test_an_http_api_of_format_1_has_both_notations_of_the_path() -> None:
    route = "POST /users/{name}/orders/{order}"
    target = "users/****%20Doe/orders/Summer%20Sale"
    event = await event_of("http-api-1.0", target, route=route, headers=HEADERS)
    assert event["version"] == "1.0"
    assert event["resource"] == event["requestContext"]["resourcePath"] == route[5:]
    assert event["path"] == "/users/****%20Doe/orders/Summer%20Sale"
    assert event["requestContext"]["path"] == "/users/**** Doe/orders/Summer Sale"
    assert event["requestContext"]["resourceId"] == route
    assert event["requestContext"]["stage"] == "$default"
    assert event["pathParameters"] == {"name": "**** Doe", "order": "Summer Sale"}
    assert event["headers"]["Content-Length"] == "0"
    assert event["headers"]["X-Custom"] == "value1"
    assert event["multiValueHeaders"]["User-Agent"] == ["TestAgent"]
    assert event["queryStringParameters"] is event["stageVariables"] is event["body"] is None


@scenario
async def test_a_rest_api_keeps_the_path_encoded() -> None:
    route = "POST /users/{name}/orders/{order}"
    target = "users/****%20Doe/orders/Summer%20Sale"
    event = await event_of("rest-api", target, route=route, headers=HEADERS)
    assert event["path"] == "/users/****%20Doe/orders/Summer%20Sale"
    assert event["requestContext"]["path"] == "/prod/users/****%20Doe/orders/Summer%20Sale"
    assert event["pathParameters"] == {"name": "****%20Doe", "order": "Summer%20Sale"}
    assert event["requestContext"]["stage"] == "prod"
    assert "Content-Length" not in event["headers"]
    assert event["headers"]["Cookie"] == "session=abc; theme=dark"
    assert "version" not in event


@scenario
async def test_a_rest_api_has_the_last_and_all_values_of_the_query() -> None:
    event = await event_of("rest-api")
    assert event["queryStringParameters"] == {"status": "pending", "tag": "urgent"}
    assert event["multiValueQueryStringParameters"]["tag"] == ["important", "urgent"]
    assert event["resource"] == "/{proxy+}"


@scenario
async def test_a_rest_api_is_also_found_without_its_stage() -> None:
    async with front("rest-api", "front.reflect") as served:
        response = await served.client.get(f"http://127.0.0.1:{served.port}/orders")
    event = response.json()
    assert event["path"] == event["requestContext"]["path"] == "/orders"


@scenario
async def test_a_load_balancer_leaves_the_query_encoded() -> None:
    event = await event_of("alb", "a%20b?q=C%23&q=x%20y")
    assert event["path"] == "/a%20b"
    assert event["queryStringParameters"] == {"q": "x%20y"}
    assert "multiValueHeaders" not in event
    assert event["requestContext"]["elb"]["targetGroupArn"]
    assert (event["body"], event["isBase64Encoded"]) == ("", False)


@scenario
async def test_a_load_balancer_with_multi_value_headers_has_lists_alone() -> None:
    event = await event_of("alb-multi-value", "a?q=C%23&q=x%20y", headers=HEADERS)
    assert event["multiValueQueryStringParameters"] == {"q": ["C%23", "x%20y"]}
    assert event["multiValueHeaders"]["x-custom"] == ["value1"]
    assert {"headers", "queryStringParameters"}.isdisjoint(event)


@pytest.mark.parametrize(
    ("content_type", "content", "body", "is_base64"),
    [
        ("application/json", b'{"a": 1}', '{"a": 1}', False),
        ("application/problem+json", b"{}", "{}", False),
        ("text/plain; charset=utf-8", "ö".encode(), "ö", False),
        ("text/plain", b"\xff", "/w==", True),
        ("application/octet-stream", b"\1\2\3\4\5", "AQIDBAU=", True),
        ("multipart/form-data; boundary=x", b"--x--", "LS14LS0=", True),
        ("application/x-www-form-urlencoded", b"a=b", "YT1i", True),
    ],
)
@scenario
async def test_a_body_that_is_not_text_is_in_base64(
    content_type: str, content: bytes, body: str, is_base64: bool
) -> None:
    event = await event_of("function-url", headers={"Content-Type": content_type}, content=content)
    assert (event["body"], event["isBase64Encoded"]) == (body, is_base64)


@scenario
async def test_a_trace_and_a_chain_of_proxies_are_continued() -> None:
    headers = {"X-Amzn-Trace-Id": "Root=1-2-3;Sampled=1", "X-Forwarded-For": "10.0.0.1"}
    event = await event_of("function-url", headers=headers)
    assert event["headers"]["x-amzn-trace-id"] == "Root=1-2-3"
    assert event["headers"]["x-forwarded-for"] == "10.0.0.1, 127.0.0.1"


KINDS = ("function-url", "http-api", "http-api-1.0", "rest-api", "alb", "alb-multi-value")


@pytest.mark.parametrize("kind", KINDS)
@scenario
async def test_mangum_understands_every_event(kind: str) -> None:
    event = await event_of(kind, "a/b?x=1", content=b"hi", headers={"Content-Type": "text/plain"})
    scopes = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        scopes.append((scope["method"], scope["path"], scope["query_string"], await receive()))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    adapter: Any = Mangum(application, lifespan="off")

    def adapt() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())  # it runs this one
        adapter(event, None)
        asyncio.get_event_loop().close()

    await asyncio.to_thread(adapt)
    body = {"type": "http.request", "body": b"hi", "more_body": False}
    assert scopes == [("POST", "/a/b", b"x=1", body)]
