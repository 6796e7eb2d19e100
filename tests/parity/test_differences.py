"""One test for each row of docs/parity.md, of what either side does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lambda_ric import __version__
from lambda_ric.testing import Answer, Event, RuntimeApi, events
from tests.parity.rows import documented_rows
from tests.parity.runtimes import OURS, STILL_RUNS, THEIRS, Outcome, run, run_both
from tests.parity.scenario import PYTHON_3_12, START, Scenario
from tests.support.paths import HANDLERS
from tests.support.processes import environment
from tests.support.runtime import is_one_line, run_runtime, running_runtime

CONTRACTS: dict[str, Callable[..., None]] = {}


def contract(row: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark the test of a row."""

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        CONTRACTS[row] = test
        return test

    return mark


def test_every_row_has_a_contract_and_every_contract_a_row() -> None:
    assert set(CONTRACTS) == documented_rows()


def both(
    handler: str, event: Event, environ: dict[str, str] = PYTHON_3_12, **more: Any
) -> tuple[Outcome, Outcome]:
    """Return what an event brings about under either runtime."""
    scenario = Scenario(handler, handler, {"event": event}, environ, **more)
    theirs, ours = run_both(scenario)
    return theirs["event"], ours["event"]


def both_starts(handler: str, environ: dict[str, str] = PYTHON_3_12) -> tuple[Outcome, Outcome]:
    """Return what a start brings about under either runtime."""
    theirs, ours = run_both(Scenario(handler, handler, {}, environ))
    return theirs[START], ours[START]


@cache
def plain() -> tuple[Outcome, Outcome]:
    return both("app.handler", Event())


@cache
def plain_init_error() -> tuple[Outcome, Outcome]:
    return both_starts("app.missing")


# What goes over the wire.


@contract("user-agent")
def test_our_user_agent_is_our_own() -> None:
    theirs, ours = plain()
    python = "{}.{}.{}".format(*sys.version_info[:3])
    assert theirs.posts[0].header("user-agent") == f"aws-lambda-python/{python}-4.2.2"
    assert ours.posts[0].header("user-agent") == f"lambda-ric/{__version__} Python/{python}"
    theirs, ours = plain_init_error()
    assert theirs.posts[0].header("user-agent") is None
    assert ours.posts[0].header("user-agent") == f"lambda-ric/{__version__} Python/{python}"


@contract("no-idle-fields")
def test_we_send_no_accept_fields() -> None:
    theirs, ours = plain()
    assert theirs.posts[0].header("accept") == "*/*"
    assert ours.posts[0].header("accept") is None
    theirs, ours = plain_init_error()
    assert theirs.posts[0].header("accept-encoding") == "identity"
    assert ours.posts[0].header("accept-encoding") is None


@contract("raw-utf-8")
def test_we_always_write_utf_8() -> None:
    theirs, ours = both("app.handler", Event("é😀"), {})
    assert theirs.posts[0].body == b'"\\u00e9\\ud83d\\ude00"'
    assert ours.posts[0].body == '"é😀"'.encode()
    theirs, ours = both("app.handler", Event("é😀"), PYTHON_3_12)
    assert theirs.posts[0].body == ours.posts[0].body == '"é😀"'.encode()


@contract("init-error-in-utf-8")
def test_we_write_init_errors_in_utf_8() -> None:
    theirs, ours = both_starts("ünï.handler")
    assert "ünï".encode("latin-1") in theirs.posts[0].body
    assert "ünï".encode() in ours.posts[0].body
    theirs, ours = both_starts("init.multiline.handler")
    assert theirs.posts == []
    assert b"UnicodeEncodeError" in theirs.stderr
    assert "ünïcödé" in ours.posts[0].json()["errorMessage"]


@contract("lone-surrogate")
def test_a_lone_surrogate_does_not_end_our_process() -> None:
    theirs, ours = both("results.handler", Event("surrogate"))
    assert (theirs.exit_code, theirs.posts) == (1, [])
    assert ours.exit_code == STILL_RUNS
    assert ours.posts[0].json()["errorType"] == "Runtime.MarshalError"
    theirs, ours = both("results.handler", Event("surrogate"), {})
    assert theirs.posts[0].body == b'"a\\ud800b"'
    assert ours.posts[0].json()["errorType"] == "Runtime.MarshalError"
    theirs, ours = both("failures.handler", Event("surrogate"))
    assert (theirs.exit_code, theirs.posts) == (1, [])
    assert ours.posts[0].json()["errorMessage"] == "lone \ud800 one"
    assert rb"[ERROR] ValueError: lone \ud800 one" in ours.stdout
    theirs, ours = both("records.handler", Event("surrogate"), framed=True)
    assert theirs.posts[0].json()["errorType"] == "UnicodeEncodeError"
    assert ours.posts[0].body == b"null"
    assert rb"lone \udcff one" in ours.frames


@contract("lenient-headers")
@pytest.mark.parametrize(
    ("headers", "crash"),
    [
        ({"Content-Type": None}, -signal.SIGSEGV),
        ({"Content-Type": ""}, -signal.SIGSEGV),
        ({"Lambda-Runtime-Deadline-Ms": "0"}, -signal.SIGABRT),
    ],
)
def test_we_accept_headers_that_emulators_leave_out(
    headers: dict[str, str | None], crash: int
) -> None:
    theirs, ours = both("app.handler", Event({"a": 1}, headers))
    assert (theirs.exit_code, theirs.posts) == (crash, [])
    assert ours.posts[0].body == b'{"a": 1}'


@contract("poll-again")
def test_we_poll_again_after_204() -> None:
    with RuntimeApi([Answer.of(204), Event(1)]) as api:
        code, _, _ = run_runtime(api, "app.handler", runtime=THEIRS)
        assert (code, api.posts) == (-signal.SIGSEGV, [])
    with RuntimeApi([Answer.of(204), Event(1)]) as api, running_runtime(api, "app.handler"):
        assert api.wait_for_posts(1)[0].body == b"1"


@contract("runtime-api-url")
def test_we_take_a_url_for_the_address() -> None:
    with RuntimeApi() as api:
        url = f"http://{api.address}/prefix"
        code, _, stderr = run_runtime(
            api, "app.missing", AWS_LAMBDA_RUNTIME_API=url, runtime=THEIRS
        )
        assert (code, api.posts) == (1, [])
        assert b"http.client.InvalidURL" in stderr
        code, _, _ = run_runtime(api, "app.missing", AWS_LAMBDA_RUNTIME_API=url)
        assert code == 1
        assert [post.target for post in api.posts] == ["/prefix/2018-06-01/runtime/init/error"]


# Errors.


@contract("own-frames")
def test_stack_traces_are_cut_where_our_own_files_end() -> None:
    theirs, ours = both("app.not_callable", Event())
    (frame,) = theirs.posts[0].json()["stackTrace"]
    assert os.path.join("awslambdaric", "bootstrap.py") in frame
    assert ours.posts[0].json()["stackTrace"] == []
    theirs, ours = both("bootstrap_named/bootstrap.handler", Event("and another"))
    assert [line.count("bootstrap.py") for line in theirs.posts[0].json()["stackTrace"]] == [0]
    assert [line.count("bootstrap.py") for line in ours.posts[0].json()["stackTrace"]] == [1, 0]


@contract("stack-depth")
def test_a_recursion_may_end_at_another_depth() -> None:
    theirs, ours = both("failures.handler", Event("recursion"))
    for outcome in (theirs, ours):
        error = outcome.posts[0].json()
        assert error["errorType"] == "RecursionError"
        assert len(error["stackTrace"]) == 5
        assert "Previous line repeated 9" in error["stackTrace"][-1]


@contract("related-exceptions")
def test_our_log_shows_where_an_exception_came_from() -> None:
    theirs, ours = both("failures.handler", Event("cause"))
    assert theirs.posts[0].body == ours.posts[0].body
    assert b"CustomError: because" in theirs.stdout
    assert b"ValueError: boom" not in theirs.stdout
    assert ours.stdout.startswith(theirs.stdout.rstrip(b"\n") + b"\rCaused by: ValueError: boom\r")
    assert ours.stdout.count(b"\n") == 1


@contract("unprintable-exception")
def test_we_report_an_exception_that_cannot_be_printed() -> None:
    theirs, ours = both("failures.handler", Event("text_raises"))
    assert (theirs.exit_code, theirs.posts) == (1, [])
    error = ours.posts[0].json()
    assert error["errorType"] == "TextRaises"
    assert error["errorMessage"] == "<message not available: RuntimeError>"


@contract("record-that-cannot-be-formatted")
def test_a_bad_log_record_does_not_fail_our_function() -> None:
    theirs, ours = both("records.handler", Event("wrong_arguments"))
    assert theirs.posts[0].json()["errorType"] == "TypeError"
    assert ours.posts[0].body == b"null"
    assert b"--- Logging error ---" in ours.stderr
    assert b"TypeError: %d format" in ours.stderr


@contract("response-too-large")
def test_a_refused_response_does_not_end_our_process() -> None:
    theirs, ours = both("app.handler", Event("x"), posts=[413])
    assert theirs.exit_code == 1
    assert ours.exit_code == STILL_RUNS
    assert ours.stdout.startswith(b"[ERROR] Function.ResponseSizeTooLarge: Response payload size")


@contract("runtime-api-failure")
def test_we_say_in_one_line_that_the_runtime_api_fails() -> None:
    theirs, ours = both("app.handler", Event("x"), posts=[500])
    assert theirs.exit_code == ours.exit_code == 1
    assert theirs.stderr.startswith(b"Traceback (most recent call last):")
    assert b"LAMBDA_RUNTIME Failed to post handler success response" in theirs.stdout
    assert is_one_line(ours.stderr)
    assert b"answered 500" in ours.stderr
    assert ours.stdout == b""


@contract("settings-errors")
@pytest.mark.parametrize(
    ("handler", "environ", "theirs", "ours"),
    [
        ("", {}, b"ValueError: Handler not set", b"no handler is given"),
        (
            "app.handler",
            {"AWS_LAMBDA_MAX_CONCURRENCY": "many"},
            b"ValueError: invalid literal for int()",
            b"AWS_LAMBDA_MAX_CONCURRENCY is not a number",
        ),
    ],
)
def test_we_report_a_wrong_setting_in_one_line(
    handler: str, environ: dict[str, str], theirs: bytes, ours: bytes
) -> None:
    with RuntimeApi() as api:
        code, _, stderr = run_runtime(api, handler, **environ, runtime=THEIRS)
        assert code == 1
        assert b"Traceback" in stderr
        assert theirs in stderr
        code, _, stderr = run_runtime(api, handler, **environ)
        assert code == 1
        assert is_one_line(stderr)
        assert ours in stderr


# The function and its process.


@contract("async-handlers")
def test_we_await_an_async_handler() -> None:
    theirs, ours = both("kinds.awaited", Event(1))
    assert theirs.posts[0].json()["errorMessage"] == (
        "Unable to marshal response: Object of type coroutine is not JSON serializable"
    )
    assert ours.posts[0].body == b'{"awaited": 1}'
    _, ours = both("kinds.awaited_failure", Event(1))
    error = ours.posts[0].json()
    assert (error["errorType"], error["errorMessage"]) == ("ValueError", "while awaited")
    assert [frame.count("kinds.py") for frame in error["stackTrace"]] == [1]


@contract("streaming-handlers")
@pytest.mark.parametrize("handler", ["kinds.generated", "kinds.generated_async"])
def test_we_stream_what_a_generator_yields(handler: str) -> None:
    theirs, ours = both(handler, Event())
    assert theirs.posts[0].json()["errorType"] == "Runtime.MarshalError"
    (posted,) = ours.posts
    assert posted.target.endswith("/response")
    assert posted.header("lambda-runtime-function-response-mode") == "streaming"
    assert posted.body == b"one two"
    assert posted.trailers == []


@pytest.mark.measured
@contract("worker-failures")
def test_a_failed_init_of_concurrent_workers_is_an_exit_code() -> None:
    with RuntimeApi() as api:
        code, _, _ = run_runtime(api, "app.missing", runtime=THEIRS, AWS_LAMBDA_MAX_CONCURRENCY="2")
        assert code == 0
        code, _, _ = run_runtime(api, "app.missing", AWS_LAMBDA_MAX_CONCURRENCY="2")
        assert code == 1


@contract("web-applications")
def test_we_serve_what_a_colon_names() -> None:
    theirs, _ = both_starts("web:wsgi_app")
    assert theirs.posts[0].json()["errorType"] == "Runtime.MalformedHandlerName"
    event = Event(events.function_url("GET", "/a"))
    with RuntimeApi([event]) as api, running_runtime(api, "web:wsgi_app"):
        assert api.wait_for_posts(1)[0].json()["body"] == "/a MainThread"


@contract("handler-from-environment")
def test_we_take_the_handler_from_the_environment() -> None:
    with RuntimeApi([Event(1)]) as api:
        code, _, _ = run_runtime(api, "", _HANDLER="app.handler", runtime=THEIRS)
        assert code == 1
        with running_runtime(api, "", _HANDLER="app.handler"):
            assert api.wait_for_posts(1)[0].body == b"1"
    theirs, ours = both_starts("")
    assert theirs.posts[0].json()["errorType"] == "Runtime.MalformedHandlerName"
    assert ours.posts == []
    assert is_one_line(ours.stderr)


@contract("current-directory")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python 3.10 knows no safe path")
def test_we_find_the_function_with_a_safe_path() -> None:
    safe = {**PYTHON_3_12, "PYTHONSAFEPATH": "1"}
    theirs, _ = both_starts("app.handler", safe)
    assert theirs.posts[0].json()["errorType"] == "Runtime.ImportModuleError"
    ours = run(Scenario("safe path", "app.handler", {"event": Event(1)}, safe), OURS)["event"]
    assert ours.posts[0].body == b"1"


@contract("exec-wrapper")
def test_we_run_the_exec_wrapper(tmp_path: Path) -> None:
    wrapper = tmp_path / "wrapper"
    wrapper.write_text('#!/bin/sh\necho wrapped\nexec "$@"\n')
    wrapper.chmod(0o755)
    environ = {**PYTHON_3_12, "AWS_LAMBDA_EXEC_WRAPPER": str(wrapper)}
    theirs, ours = both_starts("app.handler", environ)
    assert (theirs.stdout, ours.stdout) == (b"", b"wrapped\n")


@contract("function-texts-once")
def test_we_read_the_functions_variables_once() -> None:
    events = {"rename": Event("changed_environment"), "after": Event("attributes")}
    environ = {**PYTHON_3_12, "AWS_LAMBDA_FUNCTION_NAME": "first"}
    theirs, ours = run_both(Scenario("renaming", "contexts.handler", events, environ))
    assert b'"renamed"' in theirs["after"].posts[0].body
    assert b'"first"' in ours["after"].posts[0].body


@contract("frozen-start")
def test_our_collector_leaves_the_start_alone() -> None:
    theirs, ours = both("collector/untouched.handler", Event("collect"))
    left, frozen = theirs.posts[0].json(), ours.posts[0].json()
    assert left["while loading"] > 0
    assert (left["frozen"], left["finalized"]) == (False, ["dropped at the start"])
    assert frozen["while loading"] == 0
    assert (frozen["frozen"], frozen["finalized"]) == (True, [])
    python = {**PYTHON_3_12, "LAMBDA_RIC_GC": "python"}
    theirs, ours = both("collector/untouched.handler", Event("collect"), python)
    assert [ours.posts[0].json()[key] for key in ("frozen", "finalized")] == [
        theirs.posts[0].json()[key] for key in ("frozen", "finalized")
    ]


@contract("quick-finder")
def test_our_finder_is_there_while_the_function_imports_much() -> None:
    theirs, ours = both("many_imports.handler", Event())
    assert theirs.posts[0].json() == {"while loading": False, "afterwards": False}
    assert ours.posts[0].json() == {"while loading": True, "afterwards": False}
    environ = {**PYTHON_3_12, "LAMBDA_RIC_BUNDLE": "off"}
    _, ours = both("many_imports.handler", Event(), environ)
    assert ours.posts[0].json() == {"while loading": False, "afterwards": False}


@contract("signals-while-idle")
def test_our_signal_handlers_run_while_idle() -> None:
    with RuntimeApi() as api, running_runtime(api, "signals.handler", runtime=THEIRS) as theirs:
        api.wait_until_idle()
        theirs.process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            theirs.process.wait(timeout=0.5)
        api.feed(Event())
        assert theirs.exit_code() == 7
    with RuntimeApi() as api, running_runtime(api, "signals.handler") as ours:
        api.wait_until_idle()
        assert ours.terminate() == 7


@contract("write-returns-a-count")
def test_our_streams_return_how_much_they_wrote() -> None:
    theirs, ours = both("output.handler", Event("write"))
    assert theirs.stdout == b"written\nNone\n"
    assert ours.stdout == b"written\n8\n"


@contract("its-own-awslambdaric")
def test_awslambdaric_is_a_name_of_our_own() -> None:
    theirs, ours = both("seam_names.handler", Event())
    assert all("/awslambdaric/" in file for file in theirs.posts[0].json()["files"])
    assert all("/lambda_ric/" in file for file in ours.posts[0].json()["files"])


@contract("pre-fork-hooks")
def test_we_have_the_hooks_before_the_fork() -> None:
    environ = {**PYTHON_3_12, "AWS_LAMBDA_MAX_CONCURRENCY": "1"}
    theirs, ours = run_both(Scenario("fork hooks", "forks.handler", {"event": Event()}, environ))
    assert theirs[START].posts[0].json()["errorType"] == "Runtime.ImportModuleError"
    assert len(ours["event"].posts[0].json()["calls"]) == 2


@contract("random-after-restore")
def test_copies_of_a_snapshot_draw_different_numbers() -> None:
    environ = {**PYTHON_3_12, "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}
    (theirs, ours), (theirs_again, ours_again) = [
        both("snapshots/seeded.handler", Event(), environ) for _ in range(2)
    ]
    assert theirs.posts[0].body == theirs_again.posts[0].body
    assert ours.posts[0].body != ours_again.posts[0].body


@contract("local-lambda")
def test_without_a_runtime_api_we_serve_locally() -> None:
    environ = environment()
    command = [sys.executable, "-m", THEIRS, "app.handler"]
    theirs = subprocess.run(command, cwd=HANDLERS, env=environ, capture_output=True, timeout=30)
    assert theirs.returncode == 1
    assert b"KeyError: 'AWS_LAMBDA_RUNTIME_API'" in theirs.stderr
    command = [sys.executable, "-m", OURS, "app.handler", "--event", '{"a": 1}']
    ours = subprocess.run(command, cwd=HANDLERS, env=environ, capture_output=True, timeout=30)
    assert (ours.returncode, ours.stdout) == (0, b'{"a": 1}\n')
