"""What a front door does with requests, seen from outside."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from lambda_ric.emulator.gateway.settings import Cors, FrontDoorKind, HttpListening
from tests.emulator.gateway.front import Front, front
from tests.support.service import function, scenario

pytestmark = pytest.mark.slow


async def exchange(served: Front, data: bytes) -> bytes:
    """Send bytes, and return all that comes until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(data)
    answer = await reader.read()
    writer.close()
    return answer


@scenario
async def test_a_request_is_a_line_in_the_log() -> None:
    async with front() as served:
        response = await served.client.get("/items?a=1")
        log = await served.log.wait_for("REPORT")
        assert "GET /items?a=1 200 " in log
        assert response.headers["x-amzn-requestid"] in log


@scenario
async def test_a_function_that_fails_is_a_502_and_the_next_works() -> None:
    async with front(handler="front.fail") as served:
        for _ in range(2):
            response = await served.client.get("/")
            assert (response.status_code, response.text) == (502, "Internal Server Error")


@scenario
async def test_a_browser_gets_the_stack_trace() -> None:
    async with front(handler="front.fail") as served:
        response = await served.client.get("/?q=1", headers={"Accept": "text/html,*/*"})
        assert response.status_code == 502
        assert "ValueError: &lt;broken&gt;" in response.text
        assert "in fail" in response.text
        assert "GET /?q=1" in response.text
        assert "<link rel=icon" in response.text  # or the browser would ask the function for one


@scenario
async def test_an_invalid_answer_is_explained_in_the_log() -> None:
    async with front("http-api-1.0", "front.slow") as served:
        response = await served.client.get("/")
        assert (response.status_code, response.text) == (
            500,
            '{"message":"Internal Server Error"}',
        )
        assert "cannot be sent: it is not an object with a statusCode" in served.log.getvalue()


@pytest.mark.parametrize("method", ["GET", "POST"])
@scenario
async def test_a_foreign_host_is_refused(method: str) -> None:
    async with front() as served:
        response = await served.client.request(method, "/", headers={"Host": "evil.example"})
        assert response.status_code == 403
        assert "evil.example" in response.text


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
@scenario
async def test_a_foreign_page_is_refused(origin: str) -> None:
    async with front() as served:
        response = await served.client.post("/", headers={"Origin": origin})
        assert response.status_code == 403
        assert "START" not in served.log.getvalue()


@scenario
async def test_a_websocket_is_refused_with_a_reason() -> None:
    async with front() as served:
        headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
        response = await served.client.get("/", headers=headers)
        assert response.status_code == 501
        assert "WebSocket" in response.text


@pytest.mark.parametrize("kind", [kind.value for kind in FrontDoorKind])
@scenario
async def test_head_gets_the_fields_without_the_body(kind: str) -> None:
    async with front(kind, "front.whole") as served:
        response = await served.client.head("")
        assert response.status_code == 200
        assert int(response.headers["content-length"]) > 100
        assert response.content == b""


@pytest.mark.parametrize("kind", [kind.value for kind in FrontDoorKind])
@scenario
async def test_a_client_that_expects_a_continue_gets_it(kind: str) -> None:
    async with front(kind, "front.whole") as served:
        path = httpx.URL(served.service.http_url or "").raw_path
        head = b"POST %b HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n" % path
        end = b"Connection: close\r\nContent-Length: 2\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(head + end)
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
        writer.write(b"hi")
        assert b"HTTP/1.1 200 OK" in await reader.read()
        writer.close()


@scenario
async def test_several_functions_are_named_by_the_host() -> None:
    functions = (function("front.mirror", name="Orders"), function("front.fail", name="prices"))
    async with front(functions=functions) as served:

        async def status(host: str) -> int:
            url = f"http://127.0.0.1:{served.port}/"
            response = await served.client.get(url, headers={"Host": f"{host}:{served.port}"})
            return response.status_code

        assert await status("orders.localhost") == 200
        assert await status("prices.localhost") == 502
        assert await status("localhost") == 403


@scenario
async def test_routes_lead_to_several_functions() -> None:
    functions = (function("front.mirror", name="orders"), function("front.fail", name="prices"))
    routes = ("GET /orders/{id}=orders", "ANY /prices=prices")
    async with front("http-api", functions=functions, routes=routes) as served:
        assert (await served.client.get("/orders/7")).json()["pathParameters"] == {"id": "7"}
        assert (await served.client.get("/prices")).status_code == 500
        missing = await served.client.get("/other")
        assert (missing.status_code, missing.json()) == (404, {"message": "Not Found"})


@scenario
async def test_a_rest_api_without_the_route_wants_a_token() -> None:
    async with front("rest-api", routes=("GET /a",)) as served:
        response = await served.client.post("a")
        assert response.status_code == 403
        assert response.json() == {"message": "Missing Authentication Token"}


ORIGIN = {"Origin": "http://localhost:5173"}
PREFLIGHT = {**ORIGIN, "Access-Control-Request-Method": "PUT"}


@scenario
async def test_a_preflight_is_answered_without_the_function() -> None:
    settings = HttpListening(cors=Cors(("http://localhost:5173",), max_age=60))
    async with front(settings=settings, handler="front.fail") as served:
        response = await served.client.options("/", headers=PREFLIGHT)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == ORIGIN["Origin"]
        assert response.headers["access-control-allow-methods"] == "*"
        assert response.headers["access-control-max-age"] == "60"
        assert "START" not in served.log.getvalue()


@scenario
async def test_cors_settings_let_no_other_origin_read() -> None:
    async with front(settings=HttpListening(cors=Cors(("http://a.test",)))) as served:
        response = await served.client.get("/", headers=ORIGIN)
        assert response.status_code == 200
        assert "access-control-allow-origin" not in response.headers


@scenario
async def test_without_cors_settings_the_function_answers_a_preflight() -> None:
    async with front() as served:
        event = (await served.client.options("/", headers=PREFLIGHT)).json()
        assert event["requestContext"]["http"]["method"] == "OPTIONS"


@scenario
async def test_a_request_that_is_too_large_is_refused() -> None:
    async with front() as served:
        response = await served.client.post("/", content=bytes(6 * 1_048_576 + 1))
        assert response.status_code == 413
        assert (await served.client.get("/")).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"), [("function-url", 429), ("http-api", 503), ("rest-api", 500), ("alb", 502)]
)
@scenario
async def test_at_the_limit_of_concurrency_it_says_so(kind: str, status: int) -> None:
    async with front(kind, "front.slow", concurrency=1, throttle=True) as served:
        await served.client.get("")
        responses = await asyncio.gather(*(served.client.get("") for _ in range(3)))
        assert status in [response.status_code for response in responses]


@scenario
async def test_an_api_does_not_wait_longer_than_its_integration() -> None:
    async with front("http-api", "front.stuck") as served:
        waiting = asyncio.ensure_future(served.client.get("/"))
        await served.log.wait_for("stuck")
        served.service.clock.advance(31)
        response = await waiting
        assert (response.status_code, response.json()) == (503, {"message": "Service Unavailable"})


@scenario
async def test_forty_parallel_requests_on_eight_environments() -> None:
    async with front(handler="front.slow", concurrency=8) as served:
        responses = await asyncio.gather(*(served.client.get("/") for _ in range(40)))
        assert [response.text for response in responses] == ["done"] * 40


@scenario
async def test_a_thousand_broken_requests_leave_it_serving() -> None:
    whole = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
    broken = [
        whole[:20],
        whole[:-3],
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01" + bytes(100),
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n",
        b"GET * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [::\r\n\r\n",
        whole * 20,
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n"
        + bytes(70_000),
    ]

    async def send(served: Front, data: bytes) -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", served.port)
        writer.write(data)
        await asyncio.sleep(0.02)
        writer.transport.abort()

    async with front(concurrency=2) as served:
        for _ in range(10):
            await asyncio.gather(*(send(served, data) for data in broken * 10))
        response = await served.client.get("/still/there")
        assert response.json()["rawPath"] == "/still/there"
        assert "Traceback" not in served.log.getvalue()


@scenario
async def test_clients_that_send_a_byte_at_a_time_hold_up_nobody_and_get_their_answers() -> None:
    request = b"POST /slow HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    request += b"Content-Length: 5\r\n\r\nhello"
    async with front() as served:
        clients = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(20)]
        for position in range(len(request)):
            for _, writer in clients:
                writer.write(request[position : position + 1])
            await asyncio.sleep(0)  # lets the server read this byte alone
            if position % 20 == 0:
                assert (await served.client.get("/quick")).json()["rawPath"] == "/quick"
        for reader, writer in clients:
            answer = await reader.read()
            assert answer.startswith(b"HTTP/1.1 200 OK")
            assert b'"rawPath":"/slow"' in answer
            writer.close()


@scenario
async def test_a_connection_serves_many_requests() -> None:
    async with front() as served:
        get = b"GET /%d HTTP/1.1\r\nHost: localhost\r\n%b\r\n"
        data = get % (1, b"") + get % (2, b"Connection: close\r\n")
        answer = await exchange(served, data)
        assert answer.count(b"HTTP/1.1 200 OK") == 2
        assert answer.index(b'"rawPath":"/1"') < answer.index(b'"rawPath":"/2"')


@scenario
async def test_each_kind_has_its_identifiers() -> None:
    names = {
        "function-url": {"x-amzn-requestid", "x-amzn-trace-id"},
        "http-api": {"apigw-requestid"},
        "rest-api": {"x-amzn-requestid", "x-amz-apigw-id", "x-amzn-trace-id"},
    }
    standard = {"date", "content-type", "content-length", "connection"}
    for kind, expected in names.items():
        async with front(kind, "front.reflect") as served:
            response = await served.client.get("")
            assert set(response.headers) == standard | expected


@scenario
async def test_the_errors_of_a_rest_api_name_no_trace() -> None:
    async with front("rest-api", "front.fail") as served:
        response = await served.client.get("")
        assert response.headers["x-amzn-errortype"] == "InternalServerErrorException"
        assert "x-amzn-trace-id" not in response.headers


@scenario
async def test_a_function_for_tenants_gets_the_one_that_the_request_names() -> None:
    async with front(handler="front.tenant", tenant_isolation=True) as served:
        response = await served.client.get("/", headers={"X-Amz-Tenant-Id": "blue"})
        assert response.text == "blue"
        assert (await served.client.get("/")).status_code == 502
        assert "send X-Amz-Tenant-Id" in served.log.getvalue()


def test_settings_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="does not stream"):
        HttpListening(FrontDoorKind.HTTP_API, invoke_mode="RESPONSE_STREAM").check(["f"])


@scenario
async def test_a_taken_port_is_an_error() -> None:
    async with front() as served:
        taken = HttpListening(port=served.port)
        with pytest.raises(OSError, match="in use"):
            async with front(settings=taken):
                pass
        async with front(settings=HttpListening(port=served.port, or_any_port=True)) as other:
            assert isinstance(await other.client.get("/"), httpx.Response)
