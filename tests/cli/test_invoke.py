from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import threading
from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from lambda_ric.wire.event_stream import encode_message, invoke_complete, payload_chunk
from tests.support.command import COMMAND, run_here
from tests.support.paths import ROOT
from tests.support.processes import environment
from tests.support.scripted_lambda import Scripted, scripted_lambda


def invoke(
    *arguments: str, stdin: bytes = b"", endpoint: str | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command as a process; the endpoint is in the environment, as people set it."""
    variables = {"AWS_ENDPOINT_URL_LAMBDA": endpoint} if endpoint else {}
    command = [*COMMAND, "invoke", *arguments]
    return subprocess.run(
        command, input=stdin, capture_output=True, timeout=30, env=environment(**variables)
    )


def invoke_here(*arguments: str, endpoint: str) -> subprocess.CompletedProcess[str]:
    """Run the command in this process, which has loaded httpx once."""
    return run_here("invoke", *arguments, AWS_ENDPOINT_URL_LAMBDA=endpoint)


def test_the_result_is_one_line_on_stdout() -> None:
    with scripted_lambda(Scripted(parts=[b'{"a":   1}'])) as server:
        done = invoke(endpoint=server.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, b'{"a":   1}\n', b"")
    ((path, headers, body),) = server.requests
    assert path == "/2015-03-31/functions/function/invocations"
    assert headers["x-amz-invocation-type"] == "RequestResponse"
    assert body == b"{}"


def test_a_result_that_is_not_json_is_printed_unchanged() -> None:
    with scripted_lambda(Scripted(parts=[b"\0\xff\n "])) as server:
        assert invoke(endpoint=server.url).stdout == b"\0\xff\n "


def test_a_function_error_is_exit_code_1_with_its_report_on_stdout() -> None:
    report = b'{"errorType": "ValueError", "errorMessage": "no"}'
    answer = Scripted(headers={"X-Amz-Function-Error": "Unhandled"}, parts=[report])
    with scripted_lambda(answer) as server:
        done = run_here("invoke", "--endpoint", server.url)
    assert (done.returncode, done.stdout) == (1, report.decode() + "\n")
    assert done.stderr == "lambda-ric invoke: the function failed (Unhandled)\n"


@pytest.mark.slow
def test_the_event_comes_from_the_command_line_a_file_stdin_or_a_sample(tmp_path: Path) -> None:
    file = tmp_path / "event.json"
    file.write_text('{"from": "file"}')
    with scripted_lambda(Scripted()) as server:
        assert invoke("-d", '{"from": "grüezi"}', endpoint=server.url).returncode == 0
        assert invoke("-e", "-", stdin=b"[1]", endpoint=server.url).returncode == 0
        for words in (["-e", str(file)], ["--sample", "sqs/fifo", "--set", "body=hi"]):
            assert invoke_here(*words, endpoint=server.url).returncode == 0
    bodies = [json.loads(body) for _, _, body in server.requests]
    assert bodies[:3] == [{"from": "grüezi"}, [1], {"from": "file"}]
    assert bodies[3]["Records"][0]["body"] == "hi"


def test_every_part_of_the_request_has_an_option() -> None:
    name = "arn:aws:lambda:us-east-1:123456789012:function:orders"
    more = ("--tenant", "blue", "--client-context", '{"custom": {"a": 1}}', "--qualifier", "live")
    with scripted_lambda(Scripted()) as server:
        assert invoke_here(name, "--tail", *more, endpoint=server.url).returncode == 0
    ((path, headers, _),) = server.requests
    assert path == (
        "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aorders"
        "/invocations?Qualifier=live"
    )
    assert headers["x-amz-log-type"] == "Tail"
    assert headers["x-amz-tenant-id"] == "blue"
    assert json.loads(b64decode(headers["x-amz-client-context"])) == {"custom": {"a": 1}}


def test_the_log_tail_is_on_stderr() -> None:
    log = b64encode("START\nhällo".encode()).decode()
    answer = Scripted(headers={"X-Amz-Log-Result": log}, parts=[b"1"])
    with scripted_lambda(answer) as server:
        done = invoke_here("--tail", endpoint=server.url)
    assert (done.stdout, done.stderr) == ("1\n", "START\nhällo\n")


@pytest.mark.parametrize(
    ("option", "kind", "status", "said"),
    [("--async", "Event", 202, "accepted (202)"), ("--dry-run", "DryRun", 204, "would run (204)")],
)
def test_events_that_are_not_waited_for(option: str, kind: str, status: int, said: str) -> None:
    with scripted_lambda(Scripted(status)) as server:
        done = invoke_here(option, endpoint=server.url)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"lambda-ric invoke: {said}\n"
    assert server.requests[0][1]["x-amz-invocation-type"] == kind


def test_a_stream_is_printed_chunk_by_chunk() -> None:
    tail = json.dumps({"LogResult": b64encode(b"log\n").decode()}).encode()
    stream = payload_chunk(b"one ") + payload_chunk("zwölf\0".encode()) + invoke_complete(tail)
    cut = [stream[at : at + 7] for at in range(0, len(stream), 7)]
    with scripted_lambda(Scripted(parts=cut)) as server:
        done = invoke_here("--stream", "--tail", endpoint=server.url)
    assert (done.returncode, done.stdout, done.stderr) == (0, "one zwölf\0", "log\n")
    assert server.requests[0][0] == (
        "/2021-11-15/functions/function/response-streaming-invocations"
    )


def test_a_stream_that_fails_is_exit_code_1() -> None:
    end = invoke_complete(b'{"ErrorCode": "Unhandled", "ErrorDetails": "it broke"}')
    with scripted_lambda(Scripted(parts=[payload_chunk(b"half"), end])) as server:
        done = invoke_here("--stream", endpoint=server.url)
    assert (done.returncode, done.stdout) == (1, "half")
    assert done.stderr == "lambda-ric invoke: the function failed (Unhandled) it broke\n"


THROTTLED = encode_message(
    {":message-type": "exception", ":exception-type": "TooManyRequestsException"},
    b'{"message": "Rate Exceeded."}',
)
NOT_FOUND = Scripted(
    404,
    {"x-amzn-ErrorType": "ResourceNotFoundException:http://x"},
    [b'{"Type": "User", "Message": "Function not found: f"}'],
)


@pytest.mark.parametrize(
    ("answer", "arguments", "complaint"),
    [
        (NOT_FOUND, [], "ResourceNotFoundException (404): Function not found: f"),
        (NOT_FOUND, ["--stream"], "ResourceNotFoundException (404): Function not found: f"),
        (Scripted(502, parts=[b"Bad Gateway"]), [], "error (502): Bad Gateway"),
        (Scripted(parts=[THROTTLED]), ["--stream"], "TooManyRequestsException (500): Rate"),
        (Scripted(parts=[payload_chunk(b"x")]), ["--stream"], "broke off before its end"),
        (Scripted(parts=[b"no event stream"]), ["--stream"], "the checksum"),
        (Scripted(parts=[b"1"], whole=False), [], "peer closed connection"),
        (Scripted(parts=[payload_chunk(b"x")], whole=False), ["--stream"], "peer closed"),
    ],
)
def test_a_request_that_is_refused_is_exit_code_2_and_one_line(
    answer: Scripted, arguments: list[str], complaint: str
) -> None:
    with scripted_lambda(answer) as server:
        done = invoke_here(*arguments, endpoint=server.url)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["-d", "{"], "the event from -d is not JSON"),
        (["-e", "nowhere.json"], "'nowhere.json' is neither JSON nor a file: No such file"),
        (["-e", "-"], "the event from stdin is not JSON"),
        (["-d", "1", "-e", "-"], "not allowed with argument -d"),
        (["--sample", "sqss"], "no sample event 'sqss'; perhaps sqs"),
        (["--set", "a=1"], "--set needs --sample"),
        (["--stream", "--async"], "--stream waits for the result"),
        (["--async", "--dry-run"], "not allowed with argument --async"),
        (["--client-context", "x"], "--client-context is not JSON"),
        (
            ["--endpoint", "localhost:8080"],
            "the endpoint 'localhost:8080' does not look like http://",
        ),
        (["--endpoint", "http://"], "the endpoint 'http://' does not look like http://"),
        (["--endpoint", "http://.."], "the endpoint 'http://..' is not a URL"),
        (["--endpoint", "http://a:x"], "the endpoint 'http://a:x' is not a URL"),
        (["--endpoint", "http://127.0.0.1:1"], "nothing answers at http://127.0.0.1:1 ("),
    ],
)
def test_wrong_usage_is_one_clear_line(arguments: list[str], complaint: str) -> None:
    done = run_here("invoke", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1


def without_packages(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
        f"from lambda_ric.cli.main import main; sys.exit(main({['invoke', *arguments]}))"
    )
    bare = [sys.executable, "-I", "-S", "-c", code]  # -S: no installed packages at all
    return subprocess.run(bare, capture_output=True, text=True, timeout=30, check=False)


def test_without_httpx_it_still_has_help() -> None:
    done = without_packages("--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: lambda-ric invoke")


def test_without_httpx_it_says_what_to_install() -> None:
    done = without_packages()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "lambda-ric invoke: needs the package httpx: pip install 'lambda-ric[local]'\n"
    )


def test_a_terminal_gets_the_result_laid_out() -> None:
    with scripted_lambda(Scripted(parts=[b'{"a":[1,"\xc3\xbc"]}'])) as server:
        ours, theirs = pty.openpty()
        command = [*COMMAND, "invoke", "--endpoint", server.url]
        with subprocess.Popen(command, stdout=theirs, stderr=subprocess.PIPE) as process:
            os.close(theirs)
            shown = b""
            try:
                while data := os.read(ours, 1024):
                    shown += data
            except OSError:
                pass  # how Linux tells that the other side of the terminal is closed
            assert process.wait(30) == 0
        os.close(ours)
    assert shown.decode().split() == ["{", '"a":', "[", "1,", '"ü"', "]", "}"]


@pytest.mark.parametrize("terminal", ["xterm", "dumb"])
def test_a_terminal_shows_that_it_waits_until_it_does_not(terminal: str) -> None:
    gate = threading.Event()
    if terminal == "dumb":
        gate.set()  # nothing will be shown that could be waited for
    with scripted_lambda(Scripted(parts=[b"1"], gate=gate)) as server:
        ours, theirs = pty.openpty()
        command = [*COMMAND, "invoke", "--endpoint", server.url]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": terminal}
        ) as process:
            os.close(theirs)
            shown = b""
            try:
                while data := os.read(ours, 1024):
                    shown += data
                    gate.set()
            except OSError:
                pass  # how Linux tells that the other side of the terminal is closed
            out, _ = process.communicate(timeout=30)
        os.close(ours)
    assert out == b"1\n"
    if terminal == "dumb":
        assert shown == b""
    else:
        assert shown.startswith("\r\x1b[Kwaiting for function … ".encode())
        assert shown.endswith(b"\r\x1b[K")
