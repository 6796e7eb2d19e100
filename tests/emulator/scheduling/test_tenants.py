"""Tenant isolation: no tenant ever meets an environment that another has used."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambda_ric.testing import Emulator
from tests.support.service import RunningService, function, running_service, scenario

pytestmark = pytest.mark.slow

HANDLERS = Path(__file__).parents[1] / "handlers"


def isolated(handler: str = "app.tenants_here", **options: Any) -> Any:
    return function(handler, tenant_isolation=True, **options)


async def seen_by(served: RunningService, tenant: str, event: Any = None) -> Any:
    response = await served.invoke(event or {}, X_Amz_Tenant_Id=tenant)
    assert response.status_code == 200, response.text
    return response.json()


@scenario
async def test_each_tenant_gets_environments_of_its_own() -> None:
    async with running_service(isolated()) as served:
        first = [await seen_by(served, tenant) for tenant in ("blue", "green", "blue", "green")]
    assert [answer["tenants"] for answer in first] == [["blue"], ["green"]] * 2
    assert first[0]["pid"] == first[2]["pid"] != first[1]["pid"] == first[3]["pid"]


@scenario
async def test_an_idle_environment_makes_room_for_another_tenant_at_the_limit() -> None:
    async with running_service(isolated(concurrency=1, throttle=True)) as served:
        answers = [await seen_by(served, tenant) for tenant in ("blue", "green", "blue")]
    assert [answer["tenants"] for answer in answers] == [["blue"], ["green"], ["blue"]]
    assert len({answer["pid"] for answer in answers}) == 3


@scenario
async def test_a_tenant_waits_while_another_has_the_only_environment() -> None:
    async with running_service(isolated(concurrency=1)) as served:
        waiting = [seen_by(served, tenant) for tenant in ("blue", "green", "red") * 3]
        for answer in await asyncio.gather(*waiting):
            assert len(answer["tenants"]) == 1


@scenario
async def test_a_tenant_that_never_stops_does_not_keep_others_out() -> None:
    async with running_service(isolated(concurrency=1)) as served:
        await seen_by(served, "busy")
        finished = asyncio.Event()

        async def keep_busy() -> None:
            while not finished.is_set():
                await seen_by(served, "busy")

        busy = [asyncio.create_task(keep_busy()) for _ in range(3)]
        answer = await asyncio.wait_for(seen_by(served, "other"), 20)
        finished.set()
        await asyncio.gather(*busy)
        assert answer["tenants"] == ["other"]


@pytest.mark.parametrize("kind", ["RequestResponse", "Event", "DryRun"])
def test_an_invoke_without_a_tenant_is_refused(kind: str) -> None:
    @scenario
    async def refused() -> None:
        async with running_service(isolated()) as served:
            response = await served.invoke({}, X_Amz_Invocation_Type=kind)
            assert response.status_code == 400
            assert response.headers["x-amzn-ErrorType"] == "InvalidParameterValueException"
            assert "Add a valid tenant ID" in response.json()["message"]

    refused()


@scenario
async def test_the_log_names_the_tenant() -> None:
    async with running_service(isolated()) as served:
        await seen_by(served, "blue")
        log = await served.log.wait_for("REPORT ")
    assert "Version: $LATEST\tTenant ID: blue\n" in log
    assert log.rstrip().endswith("\tTenant ID: blue")


@scenario
async def test_an_environment_that_failed_to_load_is_not_given_to_another_tenant() -> None:
    async with running_service(isolated("missing.handler")) as served:
        for tenant in ("blue", "green"):
            answer = await seen_by(served, tenant)
            assert answer["errorType"] == "Runtime.ImportModuleError"


INVOKES = st.lists(
    st.tuples(
        st.sampled_from(["blue", "green", "red"]),
        st.sampled_from([{}, {}, {}, {"exit": True}]),  # some end their environment
        st.sampled_from(["RequestResponse", "RequestResponse", "Event"]),
    ),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize("concurrency", [1, 2, 10])
def test_parallel_boto3_clients_never_see_what_another_tenant_left(concurrency: int) -> None:
    options = {
        "tenant_isolation": True,
        "concurrency": concurrency,
        "maximum_retry_attempts": 0,
    }
    with Emulator("app.tenants_here", cwd=HANDLERS, **options) as emulator:  # type: ignore[arg-type]
        client = boto3.client(
            "lambda",
            endpoint_url=emulator.url,
            region_name="eu-west-1",
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(max_pool_connections=8, read_timeout=60),
        )

        def sees_only_itself(invoke: tuple[str, dict[str, bool], str]) -> bool:
            tenant, event, kind = invoke
            answer = client.invoke(
                FunctionName="app",
                TenantId=tenant,
                Payload=json.dumps(event),
                InvocationType=kind,
            )
            payload: bytes = answer["Payload"].read()
            if kind == "Event":
                return not payload
            if event:
                return bool(json.loads(payload)["errorType"] == "Runtime.ExitError")
            return bool(json.loads(payload)["tenants"] == [tenant])

        @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        @given(INVOKES)
        def each_sees_only_itself(invokes: list[tuple[str, dict[str, bool], str]]) -> None:
            with ThreadPoolExecutor(8) as pool:
                assert all(pool.map(sees_only_itself, invokes))

        each_sees_only_itself()
        client.close()
