"""Which requests may invoke when they could come from a web page."""

from __future__ import annotations

import pytest

from lambda_ric.emulator import Listening, Service
from tests.support.service import INVOKE, function, running_service, scenario


@pytest.mark.parametrize(
    "host",
    [
        "localhost:{}",
        "127.0.0.1:{}",
        "[::1]:{}",
        "a.localhost",
        "LOCALHOST",
        "host.docker.internal:80",
    ],
)
@scenario
async def test_names_of_this_machine_are_served(host: str) -> None:
    async with running_service() as served:
        response = await served.invoke({}, Host=host.format(served.client.base_url.port))
        assert response.status_code == 200


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "10.0.0.1", "a b", "["])
@scenario
async def test_another_name_for_this_machine_is_refused(host: str) -> None:
    async with running_service() as served:
        response = await served.invoke({}, Host=host)
        assert response.status_code == 403
        assert response.headers["x-amzn-errortype"] == "AccessDeniedException"
        assert "START" not in served.text


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://localhost:1", ""])
@scenario
async def test_a_foreign_page_is_refused(origin: str) -> None:
    async with running_service() as served:
        response = await served.invoke({}, Origin=origin)
        assert response.status_code == 403
        assert "--cors" in response.json()["Message"]
        preflight = await served.client.options(INVOKE, headers={"Origin": origin})
        assert preflight.status_code == 403
        assert "access-control-allow-origin" not in preflight.headers
        assert "START" not in served.text


@scenario
async def test_a_host_name_that_may_have_been_rebound_is_refused() -> None:
    """In a container any Host is served, so a page of such a name could look like our own."""
    async with running_service(host="0.0.0.0") as served:
        assert (await served.invoke({}, Host="rebound.example:80")).status_code == 200
        origin = "http://rebound.example:80"
        response = await served.invoke({}, Host="rebound.example:80", Origin=origin)
        assert response.status_code == 403


@scenario
async def test_a_page_of_this_server_is_served() -> None:
    async with running_service() as served:
        origin = str(served.client.base_url).rstrip("/")
        assert (await served.invoke({}, Origin=origin)).status_code == 200


@pytest.mark.parametrize("allowed", ["http://localhost:3000", "*"])
@scenario
async def test_a_page_that_was_allowed_is_served_and_may_read_the_answer(allowed: str) -> None:
    async with running_service(origins=(allowed,)) as served:
        origin = "http://localhost:3000"
        response = await served.invoke({}, Origin=origin)
        assert response.status_code == 200
        assert response.headers["access-control-allow-origin"] == origin
        assert "X-Amz-Function-Error" in response.headers["access-control-expose-headers"]
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "x-amz-log-type",
        }
        preflight = await served.client.options(INVOKE, headers=headers)
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == origin
        assert preflight.headers["access-control-allow-headers"] == "x-amz-log-type"
        refused = await served.client.post("/nothing", headers={"Origin": origin})
        assert refused.headers["access-control-allow-origin"] == origin


@scenario
async def test_any_name_is_served_where_all_interfaces_are_listened_to() -> None:
    """As in a container, whose name is not known; pages are refused there too."""
    service = Service([function()], listening=Listening("0.0.0.0"))
    await service.start()
    try:
        async with running_service() as served:
            url = f"{service.url}{INVOKE}"
            named = await served.client.post(url, headers={"Host": "example.org"})
            assert named.status_code == 200
            page = await served.client.post(url, headers={"Origin": "https://example.org"})
            assert page.status_code == 403
    finally:
        await service.stop()
