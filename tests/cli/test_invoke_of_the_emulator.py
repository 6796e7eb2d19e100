"""The command against the emulator that a person starts."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import COMMAND, run_command, run_here, running_command
from tests.support.processes import environment

HANDLERS = Path(__file__).parent / "handlers"


def invoke(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_here("invoke", "--endpoint", url, *arguments)


@pytest.fixture(scope="module")
def plain() -> Iterator[str]:
    with running_command("served.handler", "--port", "0", cwd=HANDLERS) as command:
        yield command.url


@pytest.fixture(scope="module")
def streaming() -> Iterator[str]:
    with running_command("served.stream", "--port", "0", cwd=HANDLERS) as command:
        yield command.url


def test_a_result_comes_back(plain: str) -> None:
    event, context = '{"a": "grüezi"}', '{"custom": {"b": 1}}'
    done = run_command("invoke", "--endpoint", plain, "-d", event, "--client-context", context)
    assert (done.returncode, done.stderr) == (0, "")
    answer = json.loads(done.stdout)
    assert (answer["event"], answer["custom"]) == ({"a": "grüezi"}, {"b": 1})


def test_a_function_error_comes_back(plain: str) -> None:
    done = invoke(plain, "-d", '{"fail": "no luck"}', "--tail")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["errorType"], report["errorMessage"]) == ("ValueError", "no luck")
    assert "serving {'fail': 'no luck'}" in done.stderr
    assert done.stderr.endswith("lambda-ric invoke: the function failed (Unhandled)\n")


def test_the_tail_is_the_log_of_this_invocation(plain: str) -> None:
    done = invoke(plain, "-d", '{"tail": 1}', "--tail")
    assert done.returncode == 0
    lines = done.stderr.splitlines()
    assert lines[0].startswith("START RequestId:")
    assert "serving {'tail': 1}" in lines
    assert lines[-1].startswith("REPORT RequestId:")


@pytest.mark.parametrize(
    ("option", "said"), [("--async", "accepted (202)"), ("--dry-run", "would run (204)")]
)
def test_asynchronous_and_dry_run_invokes_are_accepted(plain: str, option: str, said: str) -> None:
    done = invoke(plain, option)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"lambda-ric invoke: {said}\n"


def test_a_sample_event_is_handled(plain: str) -> None:
    done = invoke(plain, "--sample", "s3/put", "--set", "key=a b")
    (record,) = json.loads(done.stdout)["event"]["Records"]
    assert record["s3"]["object"]["key"] == "a+b"


def test_a_result_that_is_not_streamed_can_be_read_as_a_stream(plain: str) -> None:
    done = invoke(plain, "--stream", "-d", '{"a": 1}')
    assert (done.returncode, json.loads(done.stdout)["event"]) == (0, {"a": 1})
    failed = invoke(plain, "--stream", "-d", '{"fail": "no"}')
    assert failed.returncode == 1
    assert "the function failed (Unhandled)" in failed.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize(
    ("more", "code", "said"),
    [({}, 0, ""), ({"fail": "late"}, 1, "the function failed (Function.ValueError)")],
)
def test_chunks_are_printed_while_the_function_runs(
    streaming: str, tmp_path: Path, more: dict[str, str], code: int, said: str
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    event = json.dumps({"gate": str(gate), **more})
    command = [*COMMAND, "invoke", "--endpoint", streaming]
    with subprocess.Popen(
        [*command, "--stream", "-d", event],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.read(4) == b"one "  # while the function waits at the gate
        gate.write_text("open")
        rest, complaints = process.communicate(timeout=30)
    assert (process.returncode, rest) == (code, b"two of gate")
    assert said in complaints.decode()
