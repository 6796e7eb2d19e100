"""Under AWS's emulator as Lambda Managed Instances have it: several invocations at once."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.rie.emulator_of_aws import lmi

CONCURRENT = 4
USER = 993
"""The user that the emulator runs functions as."""


@pytest.mark.parametrize(
    ("handler", "mode", "processes"),
    [
        ("app.handler", "", CONCURRENT),
        ("app.handler", "process", CONCURRENT),
        ("app.handler", "thread", 1),
        ("app.handler", "hybrid", min(CONCURRENT, os.cpu_count() or 1)),
        ("app.async_handler", "", 1),
        ("app.async_handler", "async", 1),
    ],
)
def test_invocations_meet_in_as_many_processes_as_the_mode_says(
    aws_emulator: None, handler: str, mode: str, processes: int
) -> None:
    with tempfile.TemporaryDirectory() as place, lmi(handler, CONCURRENT, mode) as emulator:
        os.chmod(place, 0o777)
        event = {"kind": "meet", "path": place, "count": CONCURRENT}
        with ThreadPoolExecutor(CONCURRENT) as pool:
            answers = list(pool.map(emulator.invoke_when_idle, [event] * CONCURRENT))
        results = [answer.json() for answer in answers]
        assert [answer.status_code for answer in answers] == [200] * CONCURRENT
        assert {result["uid"] for result in results} == {USER}
        assert len({result["id"] for result in results}) == CONCURRENT
        assert len({result["pid"] for result in results}) == processes


def test_errors_and_streams_pass(aws_emulator: None) -> None:
    with lmi("app.handler", 2, "process") as emulator:
        invoke = emulator.invoke_when_idle
        assert invoke({"kind": "raise"}).json()["errorMessage"] == "mine"
        assert invoke({"kind": "generator"}).content == b"0;1;"
        assert invoke({"kind": "coroutine"}).json() == "awaited"
