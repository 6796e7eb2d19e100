"""The process: signals, the exec wrapper, where the handler's name comes from."""

from __future__ import annotations

import signal
from pathlib import Path

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


def test_no_handler_is_one_line_on_stderr() -> None:
    with RuntimeApi() as api:
        code, stdout, stderr = run_runtime(api, "")
    assert (code, stdout) == (1, b"")
    assert is_one_line(stderr)
    assert b"no handler is given" in stderr


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


# The exec wrapper.


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_the_exec_wrapper_starts_the_runtime_once(tmp_path: Path) -> None:
    wrapper = script(tmp_path / "wrapper", 'echo wrapped "$3 $4"\nexport ADDED=1\nexec "$@"')
    with (
        RuntimeApi([Event(1)]) as api,
        running_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=wrapper) as runtime,
    ):
        api.wait_for_posts(1)
        assert runtime.log == "wrapped lambda_ric app.handler\n"


def test_the_exec_wrapper_keeps_a_handler_from_the_environment(tmp_path: Path) -> None:
    wrapper = script(tmp_path / "wrapper", 'exec "$@"')
    with (
        RuntimeApi([Event(1)]) as api,
        running_runtime(api, "", _HANDLER="app.handler", AWS_LAMBDA_EXEC_WRAPPER=wrapper),
    ):
        assert api.wait_for_posts(1)[0].json() == 1


def test_an_exec_wrapper_may_end_by_itself(tmp_path: Path) -> None:
    wrapper = script(tmp_path / "wrapper", "exit 9")
    with RuntimeApi() as api:
        assert run_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=wrapper)[0] == 9
        assert api.requests == []


def test_an_exec_wrapper_that_is_missing_is_exit_code_127(tmp_path: Path) -> None:
    wrapper = str(tmp_path / "missing")
    with RuntimeApi() as api:
        code, _, stderr = run_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=wrapper)
    assert (code, stderr.decode()) == (127, f"{wrapper}: does not exist\n")


def test_an_exec_wrapper_that_is_not_executable_is_exit_code_126(tmp_path: Path) -> None:
    wrapper = tmp_path / "wrapper"
    wrapper.write_text("#!/bin/sh\n")
    with RuntimeApi() as api:
        code, _, stderr = run_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=str(wrapper))
    assert (code, stderr.decode()) == (126, f"{wrapper}: is not an executable\n")


def test_an_exec_wrapper_without_a_first_line_is_exit_code_126(tmp_path: Path) -> None:
    wrapper = tmp_path / "wrapper"
    wrapper.write_bytes(b"\x00 no program")
    wrapper.chmod(0o755)
    with RuntimeApi() as api:
        code, _, stderr = run_runtime(api, "app.handler", AWS_LAMBDA_EXEC_WRAPPER=str(wrapper))
    assert code == 126
    assert stderr.decode() == f"{wrapper}: cannot be executed: Exec format error\n"
