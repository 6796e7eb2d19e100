"""Nothing of one invocation appears under another, however many run at once."""

from __future__ import annotations

import json
import os
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambda_ric.testing import Event
from lambda_ric.testing.script import request_id
from tests.support.runtime import RunningRuntime, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="modes are those of Linux"),
]

CONCURRENT = 16
KINDS = ("print", "write", "error", "context", "record", "unended")


def event(number: int, steps: int, pause: float, meet: int = 0) -> Event:
    """An invocation; it begins when as many others have met as it says."""
    return Event(
        {"mark": f"m{number}", "steps": steps, "pause": pause, "meet": meet},
        headers={
            "Lambda-Runtime-Aws-Tenant-Id": f"tenant-{number}",
            "Lambda-Runtime-Trace-Id": f"Root=1-{number}",
        },
    )


def start(mode: str, handler: str, **more: str) -> AbstractContextManager[RunningRuntime]:
    environ = {
        "AWS_LAMBDA_MAX_CONCURRENCY": str(CONCURRENT),
        "AWS_LAMBDA_CONCURRENCY_MODE": mode,
        **more,
    }
    return serving(f"speaking.{handler}", environ=environ)


def serve(runtime: RunningRuntime, events: list[Event], before: int) -> list[dict[str, object]]:
    """Have the events served, and return the results with the ids that Lambda gave them."""
    runtime.api.feed(*events)
    posts = runtime.posts(before + len(events))[before:]
    return [{"id": post.target.split("/")[-2], **post.json()} for post in posts]


def assert_ids_are_its_own(result: dict[str, object], before: int) -> None:
    number = int(str(result["mark"])[1:])
    own = [request_id(before + number), f"tenant-{number}", *[f"Root=1-{number}"] * 3, True]
    assert result["id"] == own[0]
    assert result["seen"] == [own] * len(result["seen"])  # type: ignore[arg-type]


def assert_lines_are_whole(log: str, before: int) -> None:
    """Each line has one mark, and the request id that belongs to it."""
    for line in log.splitlines():
        marks = {word for word in line.replace(" ", "|").split("|") if word[:1] == "m"}
        ids = {word for word in line.replace("\t", "|").split("|") if word.startswith("00000000-")}
        assert len(marks) == len(ids) == 1, line
        assert ids == {request_id(before + int(marks.pop()[1:]))}, line


MODES = pytest.mark.parametrize(
    ("mode", "handler"), [("thread", "speaks_concurrently"), ("async", "async_speaks")]
)


@MODES
def test_invocations_do_not_mix_under_load(mode: str, handler: str) -> None:
    count = 96
    with start(mode, handler) as runtime:
        events = [event(number, 5, 0.002, CONCURRENT) for number in range(1, count + 1)]
        results = serve(runtime, events, 0)
        runtime.until(lambda: runtime.log.count("unended") == count)
        log = runtime.log
    assert len(results) == count
    for result in results:
        assert_ids_are_its_own(result, 0)
    assert_lines_are_whole(log, 0)
    assert [kind for kind in KINDS if f"{kind} m" not in log.replace("|m", " m")] == []
    assert max(int(str(result["most"])) for result in results) == CONCURRENT


@pytest.mark.measured
@MODES
def test_records_in_json_carry_the_ids_of_their_invocation(mode: str, handler: str) -> None:
    environ = {"AWS_LAMBDA_LOG_FORMAT": "JSON"}
    with start(mode, handler, **environ) as runtime:
        serve(runtime, [event(number, 3, 0.001) for number in range(1, 33)], 0)
        runtime.until(lambda: runtime.log.count("unended") == 32)
        log = runtime.log
    records = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert len(records) >= 32 * 3
    for record in records:
        _, mark, identifier = record["message"].split("|")
        assert record["requestId"] == identifier
        assert record["tenantId"] == f"tenant-{mark[1:]}"


@MODES
def test_any_mix_of_long_and_short_invocations_stays_apart(mode: str, handler: str) -> None:
    shapes = st.tuples(st.integers(1, 4), st.sampled_from([0, 0.001, 0.01]))
    before = 0

    with start(mode, handler) as runtime:

        @settings(max_examples=15, suppress_health_check=list(HealthCheck))
        @given(st.lists(shapes, min_size=1, max_size=24))
        def check(plan: list[tuple[int, float]]) -> None:
            nonlocal before
            events = [event(number, *shape) for number, shape in enumerate(plan, 1)]
            start_of_log = len(runtime.log)
            results = serve(runtime, events, before)
            runtime.until(lambda: runtime.log[start_of_log:].count("unended") == len(plan))
            for result in results:
                assert_ids_are_its_own(result, before)
            assert_lines_are_whole(runtime.log[start_of_log:], before)
            before += len(plan)

        check()
