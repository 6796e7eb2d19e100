"""Hooks before the fork: where and when they run, and what becomes of one that fails."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from lambda_ric.testing import Event
from lambda_ric.wire.runtime_api import INIT_ERROR
from tests.support.runtime import serving

pytestmark = [
    pytest.mark.measured,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork"),
]


def settings(count: int, mode: str = "", **more: str) -> dict[str, str]:
    mode_variable = {"AWS_LAMBDA_CONCURRENCY_MODE": mode} if mode else {}
    return {"AWS_LAMBDA_MAX_CONCURRENCY": str(count), **mode_variable, **more}


def facts_of_workers(tmp_path: Path, count: int, mode: str = "", **more: Any) -> list[Any]:
    """What each worker tells; all of them serve at once."""
    script = [Event({"meet": str(tmp_path), "count": count})] * count
    with serving("forks.handler", script, environ=settings(count, mode), **more) as runtime:
        return [post.json() for post in runtime.posts(count)]


@pytest.mark.parametrize("python", [(), ("-S",)], ids=["awslambdaric installed", "absent"])
@pytest.mark.parametrize("mode", ["", "process"])
def test_hooks_run_once_in_the_parent_in_order(
    tmp_path: Path, mode: str, python: tuple[str, ...]
) -> None:
    facts = facts_of_workers(tmp_path, 3, mode, python=python)
    (parent,) = {fact["parent"] for fact in facts}
    assert len({fact["pid"] for fact in facts}) == 3
    for fact in facts:
        assert fact["calls"] == [["first", parent], ["second", parent]]
        assert fact["named"] == "first", "the decorator returns the function"


def test_hooks_run_for_a_single_worker_too(tmp_path: Path) -> None:
    (fact,) = facts_of_workers(tmp_path, 1)
    assert [name for name, _ in fact["calls"]] == ["first", "second"]
    assert {pid for _, pid in fact["calls"]} == {fact["parent"]}


def test_hooks_run_before_the_processes_of_the_hybrid_mode() -> None:
    with serving("forks.handler", [Event()], environ=settings(4, "hybrid")) as runtime:
        fact = runtime.result()
        assert {pid for _, pid in fact["calls"]} == {fact["parent"]}


@pytest.mark.parametrize(
    ("handler", "environ"),
    [
        ("forks.handler", {}),
        ("forks.handler", settings(2, "thread")),
        ("forks.handler", settings(2, "async")),
        ("forks.coroutine", settings(2)),
    ],
    ids=["on demand", "thread", "async", "async by itself"],
)
def test_hooks_do_not_run_where_nothing_is_forked(handler: str, environ: dict[str, str]) -> None:
    with serving(handler, [Event()], environ=environ) as runtime:
        assert runtime.result()["calls"] == []


@pytest.mark.parametrize(("how", "error_type"), [("error", "RuntimeError"), ("exit", "SystemExit")])
def test_a_hook_that_fails_ends_the_initialization(how: str, error_type: str) -> None:
    environ = settings(2, FAIL=how)
    with serving("forks.handler", [Event(), Event()], environ=environ) as runtime:
        assert runtime.exit_code() == 1
        (post,) = runtime.api.posts
        assert (post.target, len(runtime.api.requests)) == (INIT_ERROR, 1), "no worker polls"
        assert post.header("Lambda-Runtime-Function-Error-Type") == "Runtime.PreForkError"
        assert post.json()["errorType"] == error_type
        assert "about to fail" in runtime.log
        assert "later" not in runtime.log
        assert f"[ERROR] {error_type}" in runtime.log


def test_a_worker_that_dies_is_replaced_and_the_hooks_do_not_run_again() -> None:
    script = [Event("die"), Event(), Event()]
    with serving("forks.handler", script, environ=settings(1)) as runtime:
        first, second = (post.json() for post in runtime.posts(2))
        assert first["calls"] == second["calls"]
        assert "another one takes its place" in runtime.log


def test_a_shutdown_ends_parent_and_workers() -> None:
    with serving("forks.handler", [Event()], environ=settings(2)) as runtime:
        fact = runtime.result()
        runtime.api.wait_until_idle()
        assert runtime.terminate() == 0
        runtime.until(lambda: not _lives(fact["pid"]) and not _lives(fact["parent"]))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
