"""The garbage collector: it waits while the function loads, and never looks at the start again."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from lambda_ric.testing import Event, RuntimeApi
from tests.support.runtime import is_one_line, run_runtime, running_runtime

USUAL = gc.get_threshold()  # of this Python, which is the runtime's too


def results(module: str, *events: Any, **environ: str) -> list[Any]:
    """Return what a function answers to each event."""
    queue = [Event(event) for event in events]
    with RuntimeApi(queue) as api, running_runtime(api, f"collector/{module}.handler", **environ):
        return [post.json() for post in api.wait_for_posts(len(events))]


def test_nothing_is_collected_while_the_function_loads() -> None:
    (seen,) = results("untouched", "look")
    assert seen["while loading"] == 0


def test_the_collector_works_as_ever_once_the_function_serves() -> None:
    seen, freed = results("untouched", "look", "drop")
    assert (seen["enabled"], seen["threshold"]) == (True, list(USUAL))
    assert freed >= 1


def test_objects_made_at_the_start_are_frozen() -> None:
    (seen,) = results("untouched", "collect")
    assert (seen["frozen"], seen["finalized"]) == (True, [])


def test_garbage_of_the_start_is_collected_before_a_snapshot() -> None:
    (seen,) = results("untouched", "look", AWS_LAMBDA_INITIALIZATION_TYPE="snap-start")
    assert (seen["frozen"], seen["finalized"]) == (True, ["dropped at the start"])


@pytest.mark.parametrize("mode", ["process", "thread"])
def test_it_is_the_same_for_several_invocations_at_once(mode: str) -> None:
    concurrent = {"AWS_LAMBDA_MAX_CONCURRENCY": "2", "AWS_LAMBDA_CONCURRENCY_MODE": mode}
    (seen,) = results("untouched", "look", **concurrent)
    assert (seen["while loading"], seen["frozen"]) == (0, True)
    assert seen["threshold"] == list(USUAL)


@pytest.mark.measured
def test_one_variable_leaves_the_collector_to_python() -> None:
    (seen,) = results("untouched", "collect", LAMBDA_RIC_GC="python")
    assert seen["while loading"] > 0
    assert (seen["frozen"], seen["finalized"]) == (False, ["dropped at the start"])


@pytest.mark.measured
@pytest.mark.parametrize(
    ("module", "left"),
    [
        ("disabled", False),
        ("thresholds", [50_000, 20, 30]),
        ("zero", 0),
        ("multiplied", [USUAL[0] * 10, USUAL[1] * 2, USUAL[2]]),
    ],
)
def test_the_functions_own_collector_settings_are_kept(module: str, left: object) -> None:
    assert results(module, "look") == [left]


@pytest.mark.measured
def test_another_value_of_the_variable_is_one_line_on_stderr() -> None:
    with RuntimeApi() as api:
        code, stdout, stderr = run_runtime(api, "app.handler", LAMBDA_RIC_GC="off")
    assert (code, stdout, is_one_line(stderr)) == (1, b"", True)
    assert b"LAMBDA_RIC_GC is not `python` but 'off'" in stderr
