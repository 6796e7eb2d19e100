"""Requests with the same head, again and again: what it says is remembered, and only that."""

from __future__ import annotations

import pytest

from lambda_ric.emulator.http.known import Known
from lambda_ric.wire.request import parse_request
from tests.support.service import RunningService, function, running_service, scenario


async def versions(served: RunningService, times: int) -> list[str]:
    """Invoke with the same head so many times, and return the versions that ran."""
    responses = [await served.invoke({}) for _ in range(times)]
    assert len({response.json()["request_id"] for response in responses}) == times
    assert len({response.headers["x-amzn-requestid"] for response in responses}) == times
    assert len({response.headers["x-amzn-trace-id"] for response in responses}) == times
    return [response.headers["x-amz-executed-version"] for response in responses]


@scenario
async def test_each_request_has_ids_of_its_own_and_the_present_configuration() -> None:
    async with running_service(function(version="1")) as served:
        assert await versions(served, 4) == ["1"] * 4
        served.service.reconfigure([function(version="2")])
        assert await versions(served, 4) == ["2"] * 4


@pytest.mark.parametrize(
    "fields", [{"Host": "example.org"}, {"Origin": "https://example.org"}, {"X-Amz-Log-Type": "?"}]
)
@scenario
async def test_what_is_refused_once_is_refused_again(fields: dict[str, str]) -> None:
    async with running_service() as served:
        assert (await served.invoke({})).status_code == 200
        assert {(await served.invoke({}, **fields)).status_code for _ in range(4)} <= {400, 403}
        assert served.text.count("START") == 1


def test_only_heads_that_repeat_are_remembered_and_few_of_them() -> None:
    known: Known[int] = Known()
    block = b"GET /known/%d HTTP/1.1\r\nHost: a"
    first, _ = parse_request(block % 0)
    known.keep(first, 0)
    assert first not in known
    for number in range(1_000):
        for _ in range(2):
            request, _ = parse_request(block % number)
            known.keep(request, number)
        assert known[request] == number
    assert len(known) <= 256
