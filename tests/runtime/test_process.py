"""The process: signals, where the handler's name comes from."""

from __future__ import annotations

import signal

import pytest

from lambda_ric.testing import Event, RuntimeApi
from tests.support.runtime import is_one_line, run_runtime, running_runtime


def test_a_signal_handler_runs_while_idle_and_may_exit() -> None:
    with RuntimeApi([Event(1)]) as api, running_runtime(api, "signals.handler") as runtime:
        api.wait_until_idle()
        assert runtime.terminate() == 7


def test_a_signal_handler_runs_while_idle_and_the_poll_goes_on() -> None:
    with RuntimeApi() as api, running_runtime(api, "signal_noted.handler") as runtime:
        api.wait_until_idle()
        for count in (1, 2, 3):
            runtime.process.send_signal(signal.SIGUSR1)
            runtime.until_logged("noted\n" * count)
        api.feed(Event())
        assert api.wait_for_posts(1)[0].json() == 3
        assert [request.method for request in api.requests[:2]] == ["GET", "POST"]


def test_sigterm_ends_a_runtime_without_handlers_at_once() -> None:
    with RuntimeApi([Event(1)]) as api, running_runtime(api, "app.handler") as runtime:
        api.wait_until_idle()
        assert runtime.terminate() == -signal.SIGTERM


def test_the_handler_may_come_from_the_environment() -> None:
    with RuntimeApi([Event(1)]) as api, running_runtime(api, "", _HANDLER="app.handler"):
        assert api.wait_for_posts(1)[0].json() == 1


def test_the_command_line_goes_before_the_environment() -> None:
    with RuntimeApi([Event(1)]) as api, running_runtime(api, "app.handler", _HANDLER="app.missing"):
        assert api.wait_for_posts(1)[0].json() == 1


@pytest.mark.measured
def test_no_handler_is_one_line_on_stderr() -> None:
    with RuntimeApi() as api:
        code, stdout, stderr = run_runtime(api, "")
    assert (code, stdout) == (1, b"")
    assert is_one_line(stderr)
    assert b"no handler is given" in stderr


@pytest.mark.measured
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:port"),
        ("AWS_LAMBDA_RUNTIME_API", ":80"),
        ("AWS_LAMBDA_MAX_CONCURRENCY", ""),
        ("AWS_LAMBDA_MAX_CONCURRENCY", "0"),
        ("AWS_LAMBDA_MAX_CONCURRENCY", "x"),
        ("_LAMBDA_TELEMETRY_LOG_FD", "one"),
    ],
)
def test_a_wrong_setting_is_one_line_on_stderr(variable: str, value: str) -> None:
    with RuntimeApi() as api:
        code, stdout, stderr = run_runtime(api, "app.handler", **{variable: value})
        assert (code, stdout) == (1, b"")
        assert is_one_line(stderr)
        assert variable in stderr.decode()
        assert api.requests == []


def test_an_address_without_a_port_means_port_80() -> None:
    with RuntimeApi() as api:  # nobody listens at the other address
        code, _, stderr = run_runtime(api, "app.handler", AWS_LAMBDA_RUNTIME_API="127.0.0.53")
    assert (code, is_one_line(stderr)) == (1, True)
    assert b"the Runtime API at 127.0.0.53 cannot be reached" in stderr
