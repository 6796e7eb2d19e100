"""SnapStart: the hooks, their order, and what their failures bring about."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from contextlib import AbstractContextManager

import pytest

from lambda_ric.testing import Answer, Delivery, Event
from lambda_ric.testing.runtime_api import Step
from lambda_ric.wire.runtime_api import INIT_ERROR, RESTORE_ERROR, RESTORE_NEXT
from tests.conftest import Require
from tests.support.runtime import RunningRuntime, serving

pytestmark = pytest.mark.measured

SNAP_START = {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}

BEFORE = ["before two, async", "before one"]
AFTER = ["after one, async", "after two"]


def start(
    script: Iterable[Step] = (),
    hold_restore: bool = False,
    posts: Iterable[Answer | int] = (),
    **environ: str,
) -> AbstractContextManager[RunningRuntime]:
    return serving(
        "snapshot_hooks.handler",
        script,
        environ={**SNAP_START, **environ},
        hold_restore=hold_restore,
        posts=posts,
    )


def words(result: list[object]) -> list[object]:
    return [item for item in result if isinstance(item, str)]


def test_hooks_run_around_the_snapshot_in_the_order_of_aws(require: Require) -> None:
    has_aws = importlib.util.find_spec("snapshot_restore_py") is not None
    require(has_aws, "snapshot_restore_py is not installed")
    with start([Event()]) as runtime:
        seen = words(runtime.result())
    assert seen == ["before three, AWS's", *BEFORE, *AFTER, "after three, AWS's"]


def test_hooks_run_without_the_package_of_aws() -> None:
    with start([Event()], WITHOUT_AWS="1") as runtime:
        assert words(runtime.result()) == [*BEFORE, *AFTER]


def test_the_snapshot_is_waited_for_between_the_hooks() -> None:
    with start([Event()], hold_restore=True) as runtime:
        runtime.api.wait_for(lambda: runtime.api.requests)
        assert [r.target for r in runtime.api.requests] == [RESTORE_NEXT]
        log = runtime.until_logged("before one")
        assert "after" not in log
        runtime.api.restore()
        runtime.result()


def test_random_numbers_differ_between_copies_of_a_snapshot() -> None:
    drawn = set()
    for _ in range(2):
        with start([Event()]) as runtime:
            drawn |= {item for item in runtime.result() if isinstance(item, float)}
    assert len(drawn) == 2


def test_the_first_event_is_asked_for_on_a_new_connection() -> None:
    with start([Event()]) as runtime:
        runtime.posts(1)
        restore, poll = runtime.api.requests[:2]
    assert restore.target == RESTORE_NEXT
    assert poll.connection == restore.connection + 1


def test_without_snapstart_no_hook_runs() -> None:
    with start([Event()], AWS_LAMBDA_INITIALIZATION_TYPE="on-demand") as runtime:
        assert runtime.result() == []
        assert all(request.target != RESTORE_NEXT for request in runtime.api.requests)


@pytest.mark.parametrize(("how", "error_type"), [("", "ValueError"), (" exit", "SystemExit")])
def test_a_hook_that_fails_before_the_snapshot_fails_the_initialization(
    how: str, error_type: str
) -> None:
    with start(FAIL=f"before{how}") as runtime:
        assert runtime.exit_code() == 64
        (post,) = runtime.posts(1)
        assert f"[ERROR] {error_type}" in runtime.log
    assert post.target == INIT_ERROR
    assert post.header("Lambda-Runtime-Function-Error-Type") == "Runtime.BeforeSnapshotError"
    assert post.json()["errorType"] == error_type


@pytest.mark.parametrize(("how", "error_type"), [("", "ValueError"), (" exit", "SystemExit")])
def test_a_hook_that_fails_after_the_restore_fails_the_restore(how: str, error_type: str) -> None:
    with start(FAIL=f"after{how}") as runtime:
        assert runtime.exit_code() == 65
        (post,) = runtime.posts(1)
    assert post.target == RESTORE_ERROR
    assert post.header("Lambda-Runtime-Function-Error-Type") == "Runtime.AfterRestoreError"
    assert post.json()["errorType"] == error_type


def test_an_error_that_cannot_be_sent_is_one_clear_line() -> None:
    with start(FAIL="before", posts=[Answer(delivery=Delivery(cut=0))]) as runtime:
        assert runtime.exit_code() == 1
        assert "lambda-ric: the Runtime API at" in runtime.log
        assert "[ERROR] ValueError: in before hook" in runtime.log
