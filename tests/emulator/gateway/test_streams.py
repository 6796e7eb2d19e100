"""Streamed responses through a front door."""

from __future__ import annotations

import asyncio
import resource

import httpx
import pytest

from tests.emulator.gateway.front import front
from tests.support.service import scenario

pytestmark = pytest.mark.slow


@scenario
async def test_each_piece_arrives_as_it_is_yielded() -> None:
    async with front(handler="front.pieces", invoke_mode="RESPONSE_STREAM") as served:
        loop, arrivals, pieces = asyncio.get_running_loop(), [], []
        async with served.client.stream("GET", "/") as response:
            assert response.headers["transfer-encoding"] == "chunked"
            async for piece in response.aiter_raw():
                arrivals.append(loop.time())
                pieces.append(piece)
        assert pieces == [b"0\n", b"1\n", b"2\n"]
        assert arrivals[-1] - arrivals[0] > 0.3


@pytest.mark.parametrize("kind", ["function-url", "rest-api"])
@scenario
async def test_the_prelude_becomes_the_head(kind: str) -> None:
    async with front(kind, "front.page", invoke_mode="RESPONSE_STREAM") as served:
        response = await served.client.get("")
        assert (response.status_code, response.text) == (201, "<p>hello")
        assert response.headers["content-type"] == "text/html"
        assert response.headers.get_list("set-cookie") == ["a=b", "c=d"]


@scenario
async def test_a_status_without_a_body_ends_the_response() -> None:
    async with front(handler="front.empty", invoke_mode="RESPONSE_STREAM") as served:
        response = await served.client.get("/")
        assert (response.status_code, response.content) == (204, b"")
        assert (await served.client.get("/")).status_code == 204


@scenario
async def test_a_function_that_does_not_stream_is_answered_whole() -> None:
    async with front(handler="front.mirror", invoke_mode="RESPONSE_STREAM") as served:
        response = await served.client.get("/a")
        assert response.json()["rawPath"] == "/a"
        assert "content-length" in response.headers


@scenario
async def test_a_failure_before_the_first_piece_is_a_502() -> None:
    async with front(handler="front.fail", invoke_mode="RESPONSE_STREAM") as served:
        assert (await served.client.get("/")).status_code == 502


@scenario
async def test_a_failure_in_the_middle_breaks_the_response_off() -> None:
    async with front(handler="front.breaks", invoke_mode="RESPONSE_STREAM") as served:
        received = bytearray()

        async def read() -> None:
            async with served.client.stream("GET", "/") as response:
                async for piece in response.aiter_raw():
                    received.extend(piece)

        with pytest.raises(httpx.RemoteProtocolError):
            await read()
        assert received == b"part"


@scenario
async def test_a_client_that_leaves_ends_the_generator() -> None:
    async with front(handler="front.flood", invoke_mode="RESPONSE_STREAM") as served:
        async with served.client.stream("GET", "/?blocks=3000"):
            await served.log.wait_for("block 0")
        log = await served.log.wait_for("closed")
        assert "block 2900" not in log
        assert (await served.client.get("/?blocks=1")).status_code == 200


@scenario
async def test_a_slow_reader_holds_the_function_back() -> None:
    async with front(handler="front.flood", invoke_mode="RESPONSE_STREAM") as served:
        async with served.client.stream("GET", "/?blocks=3000") as response:
            await served.log.wait_for("block 0")
            await asyncio.sleep(1)
            assert "block 2900" not in served.log.getvalue()
            size = 0
            async for piece in response.aiter_raw():
                size += len(piece)
        assert size == 3_000 * 65_536
        assert "block 2900" in served.log.getvalue()


@scenario
async def test_a_hundred_megabytes_pass_in_bounded_memory() -> None:
    async with front(handler="front.flood", invoke_mode="RESPONSE_STREAM") as served:
        await served.client.get("/?blocks=16")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = 0
        async with served.client.stream("GET", "/?blocks=1600") as response:
            async for piece in response.aiter_raw():
                size += len(piece)
        assert size == 1_600 * 65_536
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


@scenario
async def test_a_stream_into_a_buffering_front_door_gets_a_hint_once() -> None:
    async with front(handler="front.pieces") as served:
        assert (await served.client.get("/")).status_code == 502
        await served.client.get("/")
        assert served.log.getvalue().count("--invoke-mode") == 1
