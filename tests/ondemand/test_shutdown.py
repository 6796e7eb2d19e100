"""Shutdown hooks: the extension that makes Lambda announce it, and SIGTERM."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager

import pytest

from lambda_ric.testing import Event
from lambda_ric.testing.runtime_api import Step
from tests.support.runtime import RunningRuntime, serving

pytestmark = [
    pytest.mark.slow,
    pytest.mark.measured,
    pytest.mark.skipif(os.name == "nt", reason="needs SIGTERM"),
]

HANDLERS = pytest.mark.parametrize("handler", ["handler", "async_handler"])


def start(
    script: Iterable[Step] = (), handler: str = "handler", **environ: str
) -> AbstractContextManager[RunningRuntime]:
    return serving(f"shutdowns.{handler}", script, environ=environ)


def until_idle(runtime: RunningRuntime) -> None:
    runtime.api.wait_until_idle()
    runtime.api.wait_for(lambda: any("event/next" in r.target for r in runtime.api.requests))


def test_an_extension_without_events_is_registered_before_the_first_poll() -> None:
    with start() as runtime:
        until_idle(runtime)
        register, *others = runtime.api.requests
    assert (register.method, register.target) == ("POST", "/2020-01-01/extension/register")
    assert register.header("Lambda-Extension-Name") == "lambda-ric-shutdown"
    assert register.json() == {"events": []}
    waits = [request for request in others if request.target.endswith("event/next")]
    assert waits[0].header("Lambda-Extension-Identifier") == "00000000-0000-4000-9000-000000000001"
    assert len({request.connection for request in runtime.api.requests}) == 2


def test_without_hooks_no_extension_is_registered() -> None:
    with start([Event()], HOOKS="") as runtime:
        runtime.posts(1)
        assert not [r for r in runtime.api.requests if "extension" in r.target]


@HANDLERS
def test_sigterm_while_idle_runs_the_hooks_the_last_one_first(handler: str) -> None:
    with start([Event()], handler) as runtime:
        runtime.posts(1)
        until_idle(runtime)
        assert runtime.terminate() == 0
        assert runtime.log == "hook second\nhook first\natexit ran\n"


@HANDLERS
def test_sigterm_within_an_invocation_ends_it_and_runs_the_hooks(handler: str) -> None:
    with start([Event({"sleep": 60})], handler) as runtime:
        runtime.until_logged("handler begins\n")  # `print` writes the line break by itself
        assert runtime.terminate() == 0
        lines = runtime.log.splitlines()
    assert sorted(lines) == sorted(
        ["handler begins", "handler's finally", "hook second", "hook first", "atexit ran"]
    )
    assert lines.index("hook second") < lines.index("hook first")


@pytest.mark.parametrize("failing", ["failing", "failing_async"])
def test_a_hook_that_fails_is_logged_and_the_others_run(failing: str) -> None:
    with start(HOOKS=f"first {failing} second") as runtime:
        until_idle(runtime)
        assert runtime.terminate() == 0
        log = runtime.log
    assert "a shutdown hook failed" in log
    assert "hook second" in log
    assert "hook first" in log


def test_an_async_hook_that_is_too_slow_is_cancelled_in_time() -> None:
    with start(HOOKS="first too_slow") as runtime:
        until_idle(runtime)
        begun = time.monotonic()
        assert runtime.terminate() == 0
        took = time.monotonic() - begun
        log = runtime.log
    assert "hook cancelled" in log
    assert "a shutdown hook failed" in log
    assert log.endswith("hook first\natexit ran\n")
    assert took > 0.3


def test_all_async_hooks_share_one_budget() -> None:
    with start(HOOKS="first too_slow too_slow too_slow") as runtime:
        until_idle(runtime)
        begun = time.monotonic()
        assert runtime.terminate() == 0
        took = time.monotonic() - begun
        assert runtime.log.count("a shutdown hook failed") == 3
    assert took < 3 * 0.4 + 5  # a loaded machine may be slow, but not for three budgets


def test_a_second_sigterm_does_not_interrupt_the_hooks() -> None:
    with start(HOOKS="first slow") as runtime:
        until_idle(runtime)
        runtime.process.send_signal(signal.SIGTERM)
        runtime.until_logged("slow begins")
        assert runtime.terminate() == 0
        assert runtime.log == "slow begins\nslow ends\nhook first\natexit ran\n"


def test_a_hook_may_decide_the_exit_code() -> None:
    with start(HOOKS="first exits") as runtime:
        until_idle(runtime)
        assert runtime.terminate() == 3


def test_a_sigterm_handler_of_the_function_decides_what_happens() -> None:
    with start([Event()], OWN="stays") as runtime:
        until_idle(runtime)
        runtime.process.send_signal(signal.SIGTERM)
        runtime.until_logged("own handler")
        runtime.api.feed(Event())
        assert runtime.posts(2)[1].json() == "served"
        assert "hook" not in runtime.log


def test_hooks_run_when_the_functions_own_handler_ends_the_process() -> None:
    with start(OWN="exits") as runtime:
        until_idle(runtime)
        assert runtime.terminate() == 5
        assert runtime.log == "own handler\nhook second\nhook first\natexit ran\n"


def test_sigterm_that_the_function_ignores_stays_ignored() -> None:
    with start([Event()], OWN="ignores") as runtime:
        until_idle(runtime)
        runtime.process.send_signal(signal.SIGTERM)
        runtime.api.feed(Event())
        runtime.posts(2)
        assert runtime.log == ""


def test_hooks_do_not_run_when_the_process_ends_otherwise() -> None:
    with start() as runtime:
        until_idle(runtime)
        runtime.api.close()
        assert runtime.exit_code() == 1
        assert "hook" not in runtime.log
