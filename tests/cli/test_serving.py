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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from tests.conftest import Require

ROOT = Path(__file__).parents[2]
HANDLERS = ROOT / "tests" / "emulator" / "handlers"

INVOKE = "/2015-03-31/functions/function/invocations"

unix = pytest.mark.skipif(os.name != "posix", reason="signals are Unix's")


def environment(**variables: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_LAMBDA")}
    return {**kept, "PYTHONPATH": str(ROOT), **variables}


def run(*arguments: str, event: bytes = b"", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lambda_ric", *arguments],
        cwd=HANDLERS,
        env=environment(**variables),
        input=event.decode(),
        capture_output=True,
        text=True,
        timeout=60,
    )


@contextmanager
def served(
    *arguments: str,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    environ: Mapping[str, str] | None = None,
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Serve on a free port; the banner tells which."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lambda_ric", *arguments],
        cwd=HANDLERS,
        env=environment(**(environ or {})),
        stdout=stdout,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    try:
        banner = b""
        while b"aws lambda invoke" not in banner:
            line = process.stderr.readline()
            assert line, f"it ended: {banner.decode()}"
            banner += line
        port = int(re.search(rb"listening on \S+:(\d+)", banner)[1])  # type: ignore[index]
        yield process, f"http://127.0.0.1:{port}{INVOKE}"
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_an_event_is_invoked_once_and_the_result_alone_is_printed() -> None:
    done = run("app.handler", "--event", '{"write": "said\\n", "keep": "é"}')
    assert done.returncode == 0
    assert json.loads(done.stdout)["event"]["keep"] == "é"
    assert done.stdout.count("\n") == 1
    assert done.stderr.startswith("START RequestId: ")
    assert "\nsaid\nEND RequestId: " in done.stderr


def test_a_function_that_fails_exits_with_1() -> None:
    done = run("app.handler", "--event", '{"fail": "boom"}')
    assert done.returncode == 1
    assert json.loads(done.stdout)["errorMessage"] == "boom"


def test_an_event_can_come_from_a_file_or_from_standard_input(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text('{"keep": 1}', encoding="utf-8")
    assert json.loads(run("app.handler", "--event", str(file)).stdout)["event"] == {"keep": 1}
    done = run("app.handler", "--event", "-", event=b'{"keep": 2}')
    assert json.loads(done.stdout)["event"] == {"keep": 2}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["app.handler", "--event", "no-such-file"], "neither JSON nor a file"),
        (["app.handler", "--port", "x"], "--port"),
        (["app.handler", "--timeout", "0"], "--timeout"),
        (["app.handler", "--nonsense"], "--nonsense"),
        (["run"], "no handler given"),
        (["emulate", "--runtime-api-address", "x", "--", "true"], "--runtime-api-address"),
    ],
)
def test_wrong_usage_is_one_line_and_exits_with_2(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_event_that_is_not_json_is_wrong_usage(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text("{", encoding="utf-8")
    done = run("app.handler", "--event", str(file))
    assert done.returncode == 2
    assert "Could not parse request body into json" in done.stderr


def test_a_variable_that_is_no_number_is_wrong_usage() -> None:
    done = run("app.handler", "--event", "{}", AWS_LAMBDA_FUNCTION_TIMEOUT="soon")
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
            done = run("app.handler", "--host", "127.0.0.1", "--port", port)
        else:
            done = run("app.handler", "--quiet", "--port", "0", option, f"127.0.0.1:{port}")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert "listen" in done.stderr


def test_curl_can_invoke_what_the_banner_says() -> None:
    with served("app.handler", "--port", "0") as (_, url):
        assert httpx.post(url, content=b"{}", timeout=30).json()["event"] == {}


def test_logs_go_to_standard_output_as_json_on_request(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        options = ("--port", "0", "--log-format", "json")
        with served("app.handler", *options, stdout=log) as (process, url):
            httpx.post(url, json={"write": "said\n"}, timeout=30)
            process.terminate()
            process.wait(timeout=30)
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["type"] for line in lines] == [
        "platform.start",
        "function",
        "platform.end",
        "platform.report",
    ]


def test_quiet_shows_what_the_function_writes() -> None:
    done = run("app.handler", "--quiet", "--event", '{"write": "said\\n"}')
    assert done.stderr == "said\n"


@unix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_at_once(number: int) -> None:
    with served("app.handler", "--port", "0") as (process, url):
        child = httpx.post(url, json={}, timeout=30).json()["pid"]
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=30) == 0
        assert time.monotonic() - began < 5
        assert ended(child)


@unix
def test_an_emulator_that_is_killed_leaves_no_process_behind() -> None:
    with served("app.handler", "--port", "0") as (process, url):
        child = httpx.post(url, json={}, timeout=30).json()["pid"]
        process.kill()
        assert process.wait() == -signal.SIGKILL
        deadline = time.monotonic() + 30
        while not ended(child):
            assert time.monotonic() < deadline, "the function's process lives on"
            time.sleep(0.01)


@unix
def test_a_signal_ends_a_single_invocation() -> None:
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "lambda_ric",
            "app.handler",
            "--event",
            '{"write": "x\\n", "sleep": 60}',
        ],
        cwd=HANDLERS,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    while process.stderr.readline() != b"x\n":
        pass
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130


def ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text(encoding="ascii").split()[2] == "Z"


def test_any_runtime_client_can_be_emulated(require: Require) -> None:
    require(sys.platform == "linux", "awslambdaric is Linux's")
    command = ("--", sys.executable, "-m", "awslambdaric", "app.handler")
    done = run("emulate", "--event", '{"keep": 1}', *command)
    assert json.loads(done.stdout)["event"] == {"keep": 1}


def test_the_variables_and_flags_of_awss_emulator_keep_their_meaning() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = ("--runtime-api-address", f"127.0.0.1:{port}", "--log-level", "debug")
    address = ("--runtime-interface-emulator-address", "127.0.0.1:0")
    command = (sys.executable, "-m", "lambda_ric", "app.environment")
    variables = {
        "AWS_LAMBDA_FUNCTION_NAME": "named",
        "AWS_LAMBDA_FUNCTION_VERSION": "7",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_TIMEOUT": "9",
    }
    with served("emulate", *arguments, *address, *command, environ=variables) as (_, url):
        response = httpx.post(url, timeout=30)
        seen = response.json()
    assert response.headers["x-amz-executed-version"] == "7"
    assert seen["AWS_LAMBDA_RUNTIME_API"] == f"127.0.0.1:{port}"
    assert seen["_HANDLER"] == "app.environment"
    assert variables.items() - {("AWS_LAMBDA_FUNCTION_TIMEOUT", "9")} <= seen.items()


@unix
def test_output_that_nobody_reads_does_not_stop_the_functions() -> None:
    """The reader of a pipe may end before the emulator does, as in `… | head`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "lambda_ric", "app.handler", "--port", "0"],
        cwd=HANDLERS,
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
            response = httpx.post(f"http://127.0.0.1:{port}{INVOKE}", json={}, timeout=30)
            assert response.status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
