"""`lambda-ric executions` and `lambda-ric callback` against a real emulator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lambda_ric.cli.main import main
from lambda_ric.testing import Emulator
from tests.support.command import COMMAND, running_command
from tests.support.processes import environment, started

HANDLERS = Path(__file__).parents[1] / "emulator" / "handlers"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    functions = {name: f"durable.{name}" for name in ("order", "waits", "plain")}
    durable = ("order", "waits")
    with Emulator(functions=functions, cwd=HANDLERS, durable=durable, skip_time=True) as running:
        for name in ("first", "second"):
            begin(running, name)
        begin(running, "same")
        assert running.invoke(1, function="waits", durable_execution_name="same").payload == 1
        yield running


def begin(emulator: Emulator, name: str) -> str:
    """Start an order that waits for its approval, and return its ARN."""
    started = emulator.invoke(
        {"id": name}, function="order", invocation_type="Event", durable_execution_name=name
    )
    assert started.durable_execution_arn is not None
    emulator.executions.wait_for_callback(started.durable_execution_arn)
    return started.durable_execution_arn


@dataclass
class Done:
    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(emulator: Emulator, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program in this process, as its own process would."""

    def run(*arguments: str, endpoint: str = emulator.url) -> Done:
        capsys.readouterr()
        try:
            code = main([*arguments, "--endpoint", endpoint])
        except SystemExit as ended:
            code = int(str(ended.code))
        captured = capsys.readouterr()
        logged = set(emulator.log.splitlines(keepends=True))  # at any time, in this process too
        said = [line for line in captured.err.splitlines(keepends=True) if line not in logged]
        return Done(code, captured.out, "".join(said))

    return run


def test_executions_of_all_functions_are_listed_the_latest_first(run: Run) -> None:
    done = run("executions")
    assert done.code == 0
    rows = [line.split() for line in done.out.splitlines()]
    assert rows[0] == ["status", "name", "function", "started", "took"]
    assert [row[1:4] for row in rows[1:]] == [
        ["SUCCEEDED", "same", "waits"],
        ["RUNNING", "same", "order"],
        ["RUNNING", "second", "order"],
        ["RUNNING", "first", "order"],
    ]


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--function", "waits"], ["same"]),
        (["--name", "first"], ["first"]),
        (["--status", "succeeded"], ["same"]),
        (["--after", "1h", "--limit", "2"], ["same", "same"]),
        (["--before", "2020-01-01"], []),
    ],
)
def test_a_list_is_narrowed(options: list[str], names: list[str], run: Run) -> None:
    done = run("executions", "list", *options, "--json")
    assert [one["DurableExecutionName"] for one in json.loads(done.out)] == names


def test_a_list_that_was_cut_says_how_to_see_the_rest(run: Run) -> None:
    first = run("executions", "--limit", "1")
    assert "there are more: --before " in first.err
    moment = first.err.split("--before ")[1].split(",")[0]
    assert "same" not in run("executions", "--before", moment, "--function", "waits").out


def test_an_execution_is_shown_with_its_operations(run: Run) -> None:
    done = run("executions", "show", "first")
    assert done.out.startswith("● first  RUNNING since ")
    assert '  input    {"id": "first"}\n' in done.out
    kinds = [line.split()[2] for line in done.out.splitlines() if line.startswith(("  ✓", "  ●"))]
    assert kinds == ["step", "wait", "callback"]
    assert "lambda-ric callback succeed 'first/approval'" in done.out
    found = json.loads(run("executions", "show", "first", "--json").out)
    assert [one["Kind"] for one in found["Operations"]] == kinds
    assert found["Operations"][2]["CallbackId"]


def test_an_execution_is_named_by_what_is_unique(emulator: Emulator, run: Run) -> None:
    assert run("executions", "show", "sec").out.startswith("● second ")
    several = run("executions", "show", "same")
    assert (several.code, several.out) == (2, "")
    assert several.err.startswith("lambda-ric executions: 'same' may be any of 2 executions: arn:")
    assert run("executions", "show", "same", "--function", "waits").out.startswith("✓ same ")
    arn = emulator.executions.list("waits")[0].arn
    assert run("executions", "show", arn).out.startswith("✓ same ")
    for text in ("nothing", "arn:aws:nothing", "zürich 🙈"):
        done = run("executions", "show", text)
        assert (done.code, done.err.count("\n")) == (2, 1)


def test_the_latest_execution_is_the_default(emulator: Emulator, run: Run) -> None:
    begin(emulator, "latest")
    assert run("executions", "show").out.startswith("● latest ")
    assert run("executions", "history").out.splitlines()[1].split()[3:] == [
        *("ExecutionStarted", "latest"),
        *('{"id":', '"latest"}'),
    ]


def test_an_execution_is_paused_resumed_stopped_and_deleted(emulator: Emulator, run: Run) -> None:
    arn = begin(emulator, "driven")
    assert run("executions", "pause", "driven", "--reason", "audit").err.endswith("is PAUSED\n")
    assert run("executions", "pause", "driven").code == 2
    assert "  paused   audit\n" in run("executions", "show", "driven").out
    assert run("executions", "resume", "driven").err.endswith("driven goes on\n")
    assert run("executions", "delete", "driven").code == 2
    stopped = run("executions", "stop", "driven", "--error-type", "Enough", "--error-message", "x")
    assert stopped.err.endswith("lambda-ric executions stop: driven is STOPPED\n")
    assert emulator.executions.get(arn).error == {"ErrorType": "Enough", "ErrorMessage": "x"}
    assert "had ended before" in run("executions", "stop", "driven").err
    assert run("executions", "delete", "driven").code == 0
    assert run("executions", "show", "driven").code == 2


def test_nothing_happens_to_any_if_one_name_is_wrong(emulator: Emulator, run: Run) -> None:
    arn = begin(emulator, "kept")
    assert run("executions", "stop", "kept", "nobody").code == 2
    for words in (["executions", "stop", ""], ["callback", "fail", "/approval"]):
        done = run(*words, "--function", "order")
        expected = f"lambda-ric {words[0]}: the name of the execution is empty\n"
        assert (done.code, done.err) == (2, expected)
    assert emulator.executions.get(arn).status == "RUNNING"


@pytest.mark.parametrize(
    ("action", "options", "status"),
    [
        ("succeed", ["-d", '{"by": "Ada"}'], "SUCCEEDED"),
        ("fail", ["--error-type", "Rejected", "--error-message", "zu teuer"], "FAILED"),
    ],
)
def test_a_callback_is_completed_by_its_name(
    action: str, options: list[str], status: str, emulator: Emulator, run: Run
) -> None:
    arn = begin(emulator, f"to-{action}")
    assert run("callback", "heartbeat", f"to-{action}/approval").code == 0
    done = run("callback", action, f"to-{action}/approval", *options)
    assert (done.code, done.out) == (0, "")
    ended = emulator.executions.wait(arn)
    assert ended.status == status
    if status == "FAILED":
        assert ended.error == {"ErrorType": "Rejected", "ErrorMessage": "zu teuer"}
    else:
        assert ended.result["approval"] == '{"by": "Ada"}'
    assert run("callback", action, f"to-{action}/approval", *options).code == 2


def test_a_callback_is_completed_by_its_id(emulator: Emulator, run: Run, tmp_path: Path) -> None:
    arn = begin(emulator, "by-id")
    result = tmp_path / "result.json"
    result.write_text('"from a file"')
    callback_id = emulator.executions.wait_for_callback(arn)
    assert run("callback", "succeed", callback_id, "-e", str(result)).code == 0
    again = run("callback", "succeed", callback_id)
    assert (again.code, "completed" in again.err) == (2, True)


def test_a_callback_that_several_wait_for_is_not_completed(run: Run) -> None:
    done = run("callback", "succeed", "approval")
    assert done.code == 2
    assert "may be any of" in done.err
    assert "first/approval" in done.err
    assert run("callback", "succeed", "nothing").code == 2


def test_silence_and_wrong_usage_are_one_clear_line(run: Run) -> None:
    nothing = run("executions", endpoint="http://127.0.0.1:1")
    assert (nothing.code, nothing.err.count("\n")) == (2, 1)
    assert "start it with: lambda-ric app.handler --port 1" in nothing.err
    for arguments in (["executions", "shw"], ["executions", "--status", "x"], ["callback"]):
        done = run(*arguments)
        assert (done.code, done.err.count("\n")) == (2, 1)


def test_an_invoke_names_its_execution(run: Run) -> None:
    named = ["--durable-execution-name", "by-command"]
    done = run("invoke", "order", "--async", "-d", "1", *named)
    arn = done.err.split("execution ")[1].split("\n")[0]
    assert arn.split("/")[-2] == "by-command"
    assert run("invoke", "order", "--async", "-d", "2", *named).code == 2
    waited = run("invoke", "waits", "-d", "3", *named)
    assert (waited.out, "execution arn:" in waited.err) == ("3\n", True)
    assert run("invoke", "waits", "--stream", *named).code == 2
    assert run("invoke", "waits", "--durable-execution-name", "no spaces").code == 2


def test_a_history_is_followed_to_the_end(emulator: Emulator, run: Run) -> None:
    begin(emulator, "followed")
    command = [*COMMAND, "executions", "history", "followed", "--follow"]
    command += ["--endpoint", emulator.url]
    with started(command, HANDLERS, environment()) as following:
        following.wait_for("CallbackStarted")
        assert run("callback", "succeed", "followed/approval", "-d", "true").code == 0
        following.wait_for("ExecutionSucceeded")
        assert following.process.wait(30) == 0


def test_following_an_execution_that_failed_ends_with_1(emulator: Emulator, run: Run) -> None:
    arn = begin(emulator, "refused")
    assert run("callback", "fail", "refused/approval").code == 0
    emulator.executions.wait(arn)
    done = run("executions", "history", "refused", "--follow")
    assert (done.code, "ExecutionFailed" in done.out) == (1, True)


@pytest.mark.slow
def test_following_ends_with_the_emulator() -> None:
    serve = ("durable.order", "--port", "0", "--skip-time", "--durable")
    with running_command(*serve, cwd=HANDLERS) as served:
        assert main(["invoke", "--async", "--endpoint", served.url]) == 0
        command = [*COMMAND, "executions", "history", "--follow", "--endpoint", served.url]
        with started(command, HANDLERS, environment()) as following:
            following.wait_for("CallbackStarted")
            served.process.kill()
            following.wait_for("lambda-ric executions: (nothing answers at )?http")
            assert following.process.wait(30) == 2
