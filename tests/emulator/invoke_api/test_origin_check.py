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
async def test_a_page_of_a_container_network_is_foreign() -> None:
    """The name can be pointed elsewhere, so the page may come from somewhere else."""
    async with running_service(host="0.0.0.0") as served:
        assert (await served.invoke({}, Host="function:80")).status_code == 200
        origin = "http://function:80"
        response = await served.invoke({}, Host="function:80", Origin=origin)
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
async def test_names_of_a_container_network_are_served_but_no_public_name() -> None:
    """A container does not know its names; pages are refused there too."""
    listening = Listening("0.0.0.0", hosts=("lambda.example.org",))
    service = Service([function()], listening=listening)
    await service.start()
    try:
        async with running_service() as served:
            url = f"{service.url}{INVOKE}"
            for host in ("function", "function.internal:8080", "10.0.0.7", "lambda.example.org"):
                named = await served.client.post(url, headers={"Host": host})
                assert named.status_code == 200, host
            for method in ("POST", "GET"):
                named = await served.client.request(method, url, headers={"Host": "example.org"})
                assert named.status_code == 403
                assert "--allow-host" in named.text
            page = await served.client.post(url, headers={"Origin": "https://example.org"})
            assert page.status_code == 403
    finally:
        await service.stop()
