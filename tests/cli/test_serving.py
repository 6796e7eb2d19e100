"""`lambda-ric MODULE.HANDLER` and `lambda-ric emulate`, as whole programs."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.conftest import Require
from tests.support import web
from tests.support.command import (
    COMMAND,
    RunningCommand,
    run_command,
    run_here,
    running_command,
)
from tests.support.paths import EMULATED_HANDLERS
from tests.support.processes import ended, environment, free_port

pytestmark = pytest.mark.slow

INVOKE = "/2015-03-31/functions/function/invocations"

unix = pytest.mark.skipif(os.name != "posix", reason="signals are Unix's")


def run(*arguments: str, event: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return run_command(*arguments, cwd=EMULATED_HANDLERS, stdin=event, **variables)


def refused(*arguments: str, event: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends before it serves."""
    return run_here(*arguments, cwd=EMULATED_HANDLERS, stdin=event, **variables)


def serve(*arguments: str, **variables: str) -> AbstractContextManager[RunningCommand]:
    return running_command(*arguments, cwd=EMULATED_HANDLERS, env=variables, merged=False)


def test_an_event_is_invoked_once_and_only_the_result_is_printed() -> None:
    done = run("app.handler", "--event", '{"write": "said\\n", "keep": "é"}')
    assert done.returncode == 0
    assert json.loads(done.stdout)["event"]["keep"] == "é"
    assert done.stdout.count("\n") == 1
    assert done.stderr.startswith("START RequestId: ")
    assert "\nsaid\nEND RequestId: " in done.stderr


def test_a_function_that_fails_exits_with_1() -> None:
    done = run_here("app.handler", "--event", '{"fail": "boom"}', cwd=EMULATED_HANDLERS)
    assert done.returncode == 1
    assert json.loads(done.stdout)["errorMessage"] == "boom"


def test_an_event_can_come_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text('{"keep": 1}', encoding="utf-8")
    done = run_here("app.handler", "--event", file, cwd=EMULATED_HANDLERS)
    assert json.loads(done.stdout)["event"] == {"keep": 1}
    done = run_here("app.handler", "--event", "-", cwd=EMULATED_HANDLERS, stdin='{"keep": 2}')
    assert json.loads(done.stdout)["event"] == {"keep": 2}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["app.handler", "--event", "no-such-file"], "neither JSON nor a file: No such file"),
        (["app.handler", "--event", "{bad"], "the event from --event is not JSON: Expecting"),
        (["app.handler", "--event", ""], "--event is empty; write {} for an empty event"),
        (["app.handler", "--event", "{}", "--reload"], "--reload is for serving"),
        (["app.handler", "--host", "192.0.2.1"], "this machine has no such address"),
        (["app.handler", "--memory", "1"], "'1' is not a number of MB from 128 to 10240"),
        (["app.handler", "--name", "a b"], "'a b' is not a name of letters, digits"),
        (["app.handler", "--relod"], "unrecognized arguments: --relod; did you mean --reload"),
        (["--function", "app.ok"], "--function: 'app.ok' is not NAME=MODULE.HANDLER"),
        (["invok"], "'invok' is neither a command nor a handler; did you mean invoke?"),
        (["app.handler", "--port", "x"], "--port"),
        (["app.handler", "--timeout", "0"], "--timeout"),
        (["app.handler", "--nonsense"], "--nonsense"),
        (["run"], "no handler given"),
        (["emulate", "--runtime-api-address", "x", "--", "true"], "--runtime-api-address"),
        (["emulate", "true", "--runtime-api-address", "x"], "--runtime-api-address"),
        (["emulate", "true", "--runtime-api-address=x"], "--runtime-api-address"),
        (["emulate", "true", "--runtime-api-address"], "--runtime-api-address"),
    ],
)
def test_wrong_usage_is_one_line_and_exits_with_2(arguments: list[str], words: str) -> None:
    done = refused(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_event_has_lambdas_limit(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text(json.dumps("x" * 7_000_000))
    done = refused("app.handler", "--event", str(file))
    assert (done.returncode, done.stdout) == (2, "")
    assert "RequestTooLargeException (413): 7000002 byte payload is too large" in done.stderr


def test_the_body_of_an_http_response_is_alone_in_a_pipe() -> None:
    assert run("streams.page", "--event", "{}").stdout == "body"


@unix
def test_an_http_response_is_shown_with_status_and_headers_on_a_terminal() -> None:
    screen, terminal = os.openpty()
    command = [*COMMAND, "streams.page", "--event", "{}"]
    subprocess.run(
        command, cwd=EMULATED_HANDLERS, env=environment(), stdout=terminal, check=True, timeout=60
    )
    os.close(terminal)
    shown = os.read(screen, 65_536).decode().replace("\r\n", "\n")
    os.close(screen)
    assert shown == "HTTP 201\nx-a: b\n\nbody\n"


def test_a_c_locale_refuses_no_character() -> None:
    locale = {"PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "LC_ALL": "C"}
    assert "option…" in run("--help", **locale).stdout
    done = run("app.handler", "--event", '{"keep": "ß"}', **locale)
    assert json.loads(done.stdout)["event"] == {"keep": "ß"}


def test_the_banner_names_a_region_for_the_aws_command() -> None:
    with serve("app.handler", "--port", "0", AWS_REGION="eu-west-1") as command:
        command.invoke()
        assert "--region eu-west-1" in command.log
        assert "--cli-binary-format" not in command.log  # which version 1 does not know


def test_an_event_that_is_not_json_is_wrong_usage(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text("{", encoding="utf-8")
    done = refused("app.handler", "--event", str(file))
    assert done.returncode == 2
    assert f"the event from {file} is not JSON: " in done.stderr
    assert "line 1 column 2" in done.stderr


def test_a_variable_that_is_not_a_number_is_wrong_usage() -> None:
    done = refused("app.handler", "--event", "{}", AWS_LAMBDA_FUNCTION_TIMEOUT="soon")
    assert done.returncode == 2
    assert done.stderr == (
        "lambda-ric run: AWS_LAMBDA_FUNCTION_TIMEOUT is 'soon', "
        "but must be a whole number above 0\n"
    )


@pytest.mark.parametrize("option", ["--port", "--runtime-api-address"])
def test_an_address_that_is_taken_is_one_clear_line(option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        if option == "--port":
            done = refused("app.handler", "--host", "127.0.0.1", "--port", port)
        else:
            done = refused("app.handler", "--quiet", "--port", "0", option, f"127.0.0.1:{port}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert "listen" in done.stderr


def test_the_url_in_the_banner_can_be_invoked() -> None:
    with serve("app.handler", "--port", "0") as command:
        assert web.post(command.url + INVOKE, content=b"{}", timeout=30).json()["event"] == {}


def test_logs_go_to_standard_output_as_json_on_request() -> None:
    with serve("app.handler", "--port", "0", "--log-format", "json") as command:
        web.post(command.url + INVOKE, json={"write": "said\n"}, timeout=30)
        command.terminate()
        lines = command.stdout.splitlines()
    assert [json.loads(line)["type"] for line in lines] == [
        *("platform.initStart", "platform.initRuntimeDone", "platform.initReport"),
        *("platform.start", "function", "platform.runtimeDone"),
        *("platform.end", "platform.report"),
    ]


def test_quiet_shows_only_the_output_of_the_function() -> None:
    event = '{"write": "said\\n"}'
    done = run_here("app.handler", "--quiet", "--event", event, cwd=EMULATED_HANDLERS)
    assert done.stderr == "said\n"


@unix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_at_once(number: int) -> None:
    with serve("app.handler", "--port", "0") as command:
        child = command.invoke().payload["pid"]
        began = time.monotonic()
        assert command.terminate(number) == 0
        assert time.monotonic() - began < 5
        assert ended(child)


@unix
def test_an_emulator_that_is_killed_leaves_no_process_behind() -> None:
    with serve("app.handler", "--port", "0") as command:
        child = command.invoke().payload["pid"]
        assert command.terminate(signal.SIGKILL) == -signal.SIGKILL
        command.until(lambda: ended(child))


@unix
def test_an_emulator_that_is_killed_leaves_no_detached_process_behind(require: Require) -> None:
    require(sys.platform == "linux", "they are found through /proc")
    with serve("app.handler", "--port", "0") as command:
        command.invoke({"detach": None})
        command.wait_for(r"daemon \d+")
        assert command.terminate(signal.SIGKILL) == -signal.SIGKILL
        for pid in re.findall(r"(?:detached|daemon) (\d+)", command.log)[::2]:
            command.until(lambda pid=pid: ended(int(pid)))  # type: ignore[misc]


@unix
def test_a_signal_ends_a_single_invocation() -> None:
    event = '{"write": "x\\n", "sleep": 60}'
    with serve("app.handler", "--event", event) as command:
        command.until_logged("x\n")
        assert command.terminate(signal.SIGINT) == 130


def test_any_runtime_client_can_be_emulated(require: Require) -> None:
    require(sys.platform == "linux", "awslambdaric is Linux's")
    command = ("--", sys.executable, "-m", "awslambdaric", "app.handler")
    done = run("emulate", "--event", '{"keep": 1}', *command)
    assert json.loads(done.stdout)["event"] == {"keep": 1}


def test_the_variables_and_flags_of_awss_emulator_keep_their_meaning() -> None:
    port = free_port()
    arguments = ("--runtime-api-address", f"127.0.0.1:{port}", "--log-level", "debug")
    address = ("--runtime-interface-emulator-address", "127.0.0.1:0")
    command = (sys.executable, "-m", "lambda_ric", "app.environment")
    variables = {
        "AWS_LAMBDA_FUNCTION_NAME": "named",
        "AWS_LAMBDA_FUNCTION_VERSION": "7",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "9",
    }
    with serve("emulate", *arguments, *address, *command, **variables) as emulator:
        response = web.post(emulator.url + INVOKE, timeout=30)
        seen = response.json()
    assert response.headers["x-amz-executed-version"] == "7"
    assert seen["AWS_LAMBDA_RUNTIME_API"] == f"127.0.0.1:{port}"
    assert seen["_HANDLER"] == "app.environment"
    assert variables.items() - {("AWS_LAMBDA_FUNCTION_TIMEOUT", "9")} <= seen.items()


@unix
def test_output_that_nobody_reads_does_not_stop_the_functions() -> None:
    """The reader of a pipe may end before the emulator does, as in `… | head`."""
    process = subprocess.Popen(
        [*COMMAND, "app.handler", "--port", "0"],
        cwd=EMULATED_HANDLERS,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    try:
        banner = process.stderr.readline()
        port = int(banner.rpartition(b":")[2])
        for _ in range(3):
            response = web.post(f"http://127.0.0.1:{port}{INVOKE}", json={}, timeout=30)
            assert response.status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
