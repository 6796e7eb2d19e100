"""Async handlers: one loop for all invocations, deadlines, and what ends what."""

from __future__ import annotations

import importlib.util
import os
import signal

import pytest

from lambda_ric.testing import Event, RecordedRequest
from tests.conftest import Require
from tests.support.runtime import serving

pytestmark = pytest.mark.slow

EVENT_LOOP = "LAMBDA_RIC_EVENT_LOOP"
SHORT = 1.5
"""Seconds until a deadline that is to be reached; enough for a loaded machine to begin."""

has_uvloop = importlib.util.find_spec("uvloop") is not None


@pytest.fixture(params=["asyncio", "uvloop"])
def loop(request: pytest.FixtureRequest, require: Require) -> dict[str, str]:
    if request.param == "uvloop" and os.name == "nt":
        pytest.skip("uvloop is not for Windows")
    require(request.param == "asyncio" or has_uvloop, "uvloop is not installed")
    return {EVENT_LOOP: request.param}


def use(handler: str, timeout: float = 60.0, **event: object) -> Event:
    return Event({"use": handler, **event}, timeout=timeout)


def first_post(handler: str, **event: object) -> RecordedRequest:
    """Return what a handler brings about; the process must outlive it."""
    script = [Event({"use": handler, **event}), use("echo")]
    with serving("coroutines.chosen", script) as runtime:
        first, second = runtime.posts(2)
        assert second.json() == {"use": "echo"}
        assert runtime.api.violations == []
    return first


def test_a_coroutine_is_awaited(loop: dict[str, str]) -> None:
    with serving("coroutines.handler", [use("echo", a=1)], environ=loop) as runtime:
        assert runtime.result() == {"use": "echo", "a": 1}


@pytest.mark.parametrize(
    ("handler", "result"), [("returns_awaitable", "awaited"), ("handler_object", "object")]
)
def test_whatever_can_be_awaited_is_awaited(handler: str, result: str) -> None:
    with serving(f"coroutines.{handler}", [Event()]) as runtime:
        assert runtime.result() == result


def test_one_loop_serves_all_invocations(loop: dict[str, str]) -> None:
    with serving("coroutines.handler", [use("loop_id")] * 3, environ=loop) as runtime:
        results = [post.json() for post in runtime.posts(3)]
    assert results == [[1, loop[EVENT_LOOP]]] * 3


@pytest.mark.measured
def test_another_event_loop_is_not_known() -> None:
    environ = {EVENT_LOOP: "trio"}
    with serving("coroutines.handler", [use("echo")], environ=environ) as runtime:
        error = runtime.result()
    assert error["errorMessage"] == f"{EVENT_LOOP} is not asyncio or uvloop but 'trio'"


def test_uvloop_that_is_not_installed_is_named() -> None:
    environ = {EVENT_LOOP: "uvloop"}
    script = [use("echo")]
    with serving("coroutines.handler", script, environ=environ, python=["-S"]) as runtime:
        assert runtime.result()["errorMessage"] == "No module named 'uvloop'"


def test_the_stack_of_a_failure_shows_only_the_function(loop: dict[str, str]) -> None:
    with serving("coroutines.chosen", [use("fails")], environ=loop) as runtime:
        error = runtime.result()
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "async failure")
    assert [", in fails\n" in entry for entry in error["stackTrace"]] == [True]


def test_a_sync_handler_never_imports_asyncio() -> None:
    with serving("sync_only.handler", [Event(), Event()]) as runtime:
        assert [post.json() for post in runtime.posts(2)] == [False, False]
    with serving("sync_only.stream", [Event()]) as runtime:
        assert runtime.posts(1)[0].body == b"False"


def test_a_handler_is_cancelled_shortly_before_its_deadline(loop: dict[str, str]) -> None:
    script = [use("echo"), use("sleeps", timeout=SHORT), use("echo")]
    with serving("coroutines.handler", script, environ=loop) as runtime:
        _, error, after = runtime.posts(3)
        log = runtime.until_logged("cleaned up")
    assert error.json()["errorType"] == "Function.DeadlineExceeded"
    assert error.json()["errorMessage"] == ("the handler was cancelled 100 ms before its deadline")
    assert after.json() == {"use": "echo"}
    assert "Caused by: CancelledError" in log
    assert "in sleeps" in log


def test_a_handler_has_all_its_time_but_the_margin() -> None:
    script = [use("echo"), use("sleeps", timeout=SHORT)]
    with serving("coroutines.handler", script) as runtime:
        _, error = runtime.posts(2)
        polled = [r.arrived for r in runtime.api.requests if r.method == "GET"]
    assert error.arrived - polled[1] > SHORT - 0.11  # deadlines are in whole milliseconds


def test_a_handler_that_ignores_its_cancellation_may_still_answer() -> None:
    script = [use("echo"), use("ignores_the_cancellation", timeout=SHORT)]
    with serving("coroutines.handler", script) as runtime:
        assert runtime.posts(2)[1].json() == "saved"


@pytest.mark.parametrize("deadline", ["0", "1", "2999999999", "9999999999999999", ""])
def test_a_deadline_that_makes_no_sense_is_ignored(deadline: str) -> None:
    event = Event({"use": "echo"}, headers={"Lambda-Runtime-Deadline-Ms": deadline})
    with serving("coroutines.handler", [event]) as runtime:
        assert runtime.result() == {"use": "echo"}


@pytest.mark.parametrize("handler", ["cancels_itself", "cancels_a_child"])
def test_a_cancellation_of_the_handlers_own_is_its_error(handler: str) -> None:
    error = first_post(handler).json()
    assert error["errorType"] == "CancelledError"
    assert handler in error["stackTrace"][0]


def test_a_task_left_behind_is_reported_once() -> None:
    script = [use("leaves_a_task"), use("echo"), use("leaves_a_task")]
    with serving("coroutines.handler", script) as runtime:
        runtime.posts(3)
        log = runtime.until_logged("00000003\t1 task(s) left behind")
    assert log.count("left behind by the invocation stand still until the next one") == 2
    assert "keeper (_background)" in log
    assert "00000002\t1 task(s)" not in log


@pytest.mark.skipif(os.name == "nt", reason="needs SIGTERM")
def test_a_task_left_behind_may_end_properly(loop: dict[str, str]) -> None:
    with serving("coroutines_on_shutdown.handler", [Event()], environ=loop) as runtime:
        runtime.posts(1)
        runtime.api.wait_until_idle()
        assert runtime.terminate() == 0
        assert "background ended" in runtime.log


@pytest.mark.parametrize("code", [0, 3])
def test_system_exit_ends_the_process(loop: dict[str, str], code: int) -> None:
    with serving("coroutines.handler", [use("exits", code=code)], environ=loop) as runtime:
        assert runtime.exit_code() == code
        assert runtime.api.posts == []
        assert "Traceback" not in runtime.log


def test_a_thread_that_waits_for_a_task_does_not_keep_the_process(loop: dict[str, str]) -> None:
    script = [use("leaves_a_thread"), use("exits", code=3)]
    with serving("coroutines.handler", script, environ=loop) as runtime:
        assert runtime.exit_code() == 3
        assert len(runtime.api.posts) == 1


def test_system_exit_of_a_background_task_ends_the_process(loop: dict[str, str]) -> None:
    script = [use("exits_in_the_background", code=4)]
    with serving("coroutines.handler", script, environ=loop) as runtime:
        assert runtime.exit_code() == 4


def test_keyboard_interrupt_ends_the_process() -> None:
    with serving("coroutines.handler", [use("interrupts")]) as runtime:
        assert runtime.exit_code() in (-signal.SIGINT, 130, 0xC000013A)


def test_another_base_exception_ends_the_process_as_for_a_sync_handler() -> None:
    with serving("coroutines.handler", [use("raises_base_exception")]) as runtime:
        assert runtime.exit_code() == 1
        assert "OwnBaseException: mine" in runtime.log


def test_context_variables_end_with_their_invocation() -> None:
    script = [use("context_variables", set="one"), use("context_variables", set="two")]
    with serving("coroutines.handler", script) as runtime:
        assert [post.json() for post in runtime.posts(2)] == ["unset", "unset"]
        runtime.until_logged("00000001\tlogged by one", "00000002\tlogged by two")


def test_coroutines_run_side_by_side() -> None:
    assert first_post("group").json() == [0, 1, 2]


def test_an_async_generator_runs_in_one_task(loop: dict[str, str]) -> None:
    script = [use("stream_in_one_task")]
    with serving("coroutines.chosen", script, environ=loop) as runtime:
        (post,) = runtime.posts(1)
        assert (post.body, post.trailers) == (b"0 1 2 ", [])
        assert "left behind" not in runtime.log


def test_a_stream_is_cancelled_shortly_before_its_deadline(loop: dict[str, str]) -> None:
    script = [use("echo"), use("stream_over_its_time", timeout=SHORT)]
    with serving("coroutines.chosen", script, environ=loop) as runtime:
        _, post = runtime.posts(2)
        runtime.until_logged("stream cleaned up", "Function.DeadlineExceeded")
    assert post.body == b"begun"
    assert post.trailer("Lambda-Runtime-Function-Error-Type") == "Function.DeadlineExceeded"


def test_a_stream_that_cancels_itself_is_an_error() -> None:
    post = first_post("stream_cancels_itself")
    assert post.trailer("Lambda-Runtime-Function-Error-Type") == "Function.CancelledError"


@pytest.mark.measured
def test_system_exit_in_an_async_stream_ends_the_process(loop: dict[str, str]) -> None:
    with serving("coroutines.chosen", [use("stream_exits")], environ=loop) as runtime:
        assert runtime.exit_code() == 9
        assert "never retrieved" not in runtime.log


def test_an_async_iterable_is_closed_with_aclose() -> None:
    with serving("coroutines.chosen", [use("plain_iterable")]) as runtime:
        assert runtime.posts(1)[0].body == b"210"
        log = runtime.until_logged("aclose was awaited")
        assert "AssertionError" not in log


def test_no_warning_of_any_kind_is_caused_by_the_runtime(loop: dict[str, str]) -> None:
    script = [use("echo"), use("stream_in_one_task"), use("fails"), use("leaves_a_task")]
    options = ["-X", "dev", "-W", "error"]
    with serving("coroutines.chosen", script, environ=loop, python=options) as runtime:
        runtime.posts(4)
        runtime.api.wait_until_idle()
        log = runtime.log
    assert "Warning" not in log
    assert "never" not in log
