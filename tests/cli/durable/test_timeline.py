"""How executions are drawn, from histories alone."""

from __future__ import annotations

import io
from typing import Any

import pytest

from lambda_ric.cli.durable.moments import duration, moment
from lambda_ric.cli.durable.operations import error_text, plain_text, read_story
from lambda_ric.cli.durable.tables import HistoryTable
from lambda_ric.cli.durable.terminal import Terminal, clean, clipped, columns
from lambda_ric.cli.durable.timeline import SIBLINGS, Timeline

Members = dict[str, Any]


class Screen(io.StringIO):
    """A terminal that remembers."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def event(kind: str, name: str, at: float, parent: str | None = None, **details: Any) -> Members:
    about = {"EventType": kind, "EventTimestamp": at, "Id": name, "Name": name, "EventId": 1}
    return {**about, "ParentId": parent, f"{kind}Details": details}


def execution(status: str = "SUCCEEDED", **members: Any) -> Members:
    arn = "arn:aws:lambda:us-east-1:1:function:order:$LATEST/durable-execution/order-7/1"
    ended = {} if status == "RUNNING" else {"EndTimestamp": 100.0}
    return {
        "DurableExecutionArn": arn,
        "DurableExecutionName": "order-7",
        "Status": status,
        "StartTimestamp": 10.0,
        **ended,
        **members,
    }


def failure(message: str) -> Members:
    return {"Payload": {"ErrorType": "shop.errors.Declined", "ErrorMessage": message}}


NESTED = [
    event("ContextStarted", "items", 10),
    *(
        step
        for number in range(3)
        for step in (
            event("ContextStarted", f"item-{number}", 11, "items"),
            event("StepStarted", f"price-{number}", 11, f"item-{number}"),
            event("StepFailed", f"price-{number}", 12, f"item-{number}", Error=failure("later"),
                  RetryDetails={"CurrentAttempt": 1, "NextAttemptDelaySeconds": 2}),
            event("StepStarted", f"price-{number}", 14, f"item-{number}"),
            event("StepSucceeded", f"price-{number}", 14.5, f"item-{number}",
                  Result={"Payload": '{"t": "i", "v": 7}'}, RetryDetails={"CurrentAttempt": 2}),
            event("ContextSucceeded", f"item-{number}", 15, "items", Result={"Payload": "7"}),
        )
    ),
    event("ContextSucceeded", "items", 20),
    event("WaitStarted", "day", 20, Duration=86_400, ScheduledEndTimestamp=86_420),
]  # fmt: skip


def drawn(events: list[Members], about: Members | None = None, *, whole: bool = False) -> list[str]:
    screen = Screen()
    Timeline(Terminal(screen), whole=whole).draw(about or execution(), read_story(events))
    return screen.getvalue().splitlines()


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


def test_operations_are_a_tree_with_their_attempts(plain: None) -> None:
    lines = drawn(NESTED)
    assert lines[0] == "✓ order-7  SUCCEEDED after 1 min 30 s"
    tree = [line for line in lines if "item-2" in line or "price-2" in line]
    assert tree[0].startswith("  └─ ✓ item-2")
    assert tree[1].startswith("     └─ ✓ price-2")
    assert tree[1].endswith("attempt 2  7")
    assert "attempt 1 failed: Declined: later, again after 2.00 s" in map(str.strip, lines)
    assert lines[-1].endswith("was not finished")


@pytest.mark.parametrize("width", [1, 20, 40, 63, 80, 200])
def test_no_line_of_the_table_is_wider_than_the_terminal(
    width: int, plain: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    lines = drawn([*NESTED, event("StepStarted", "日本語" * 30, 21)])[1:]
    table = [line for line in lines if "arn:" not in line]
    assert max(columns(line) for line in table) <= max(width, 48)


def test_colours_are_for_terminals_that_want_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[32m✓" in drawn(NESTED)[0]
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in "".join(drawn(NESTED))


def test_a_terminal_without_such_characters_gets_others(plain: None) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp1252")
    Timeline(Terminal(stream)).draw(execution(), read_story(NESTED))
    stream.flush()
    assert b"+ order-7  SUCCEEDED" in raw.getvalue()
    assert b"  `- + item-2" in raw.getvalue().replace(b"`-  ", b"`- ")


def test_of_many_siblings_only_what_matters_is_drawn(plain: None) -> None:
    many = [event("ContextStarted", "all", 10)]
    for number in range(5_000):
        many.append(event("StepStarted", f"step-{number}", 10, "all"))
        verb = "Failed" if number == 4_321 else "Succeeded"
        many.append(event(f"Step{verb}", f"step-{number}", 11, "all", Error=failure("no")))
    lines = drawn(many)
    assert len(lines) < SIBLINGS
    assert any("step-4321" in line and "Declined: no" in line for line in lines)
    assert lines[-1].split(maxsplit=2)[2].startswith("4987 more that succeeded")
    assert len(drawn(many, whole=True)) > 5_000


def test_an_open_execution_says_what_it_waits_for(plain: None) -> None:
    events = [
        event("ContextStarted", "approval", 10),
        event("CallbackStarted", "cb", 11, "approval", CallbackId="aWQ=", Timeout=10**10),
        event("StepStarted", "charge", 12),
        event("StepFailed", "charge", 12, Error=failure("no"),
              RetryDetails={"CurrentAttempt": 1, "NextAttemptDelaySeconds": 10**10}),
    ]  # fmt: skip
    events[0]["SubType"] = "WaitForCallback"
    lines = drawn(events, execution("RUNNING", PauseDetails={"Reason": "audit"}))
    assert "  paused   audit" in lines
    assert any("times out in" in line for line in lines)
    assert any("lambda-ric callback succeed 'order-7/approval'" in line for line in lines)
    assert any("↻ charge" in line and "Declined: no; again in" in line for line in lines)


def test_a_history_shows_what_each_event_is_about(
    plain: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    screen = Screen()
    table = HistoryTable(Terminal(screen))
    for one in NESTED:
        table.draw(one)
    text = screen.getvalue()
    assert "(attempt 1, again after 2.00 s)" in text
    assert "WaitStarted             day                   for 1 d" in text


def test_texts_of_others_cannot_steer_the_terminal() -> None:
    assert clean("a\x1b[31m\nb\u202e") == r"a\x1b[31m\nb\u202e"
    assert len(clean("x" * 6_000_000)) < 3_000
    assert clipped("日本語", 5) == "日本…"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0124, "12 ms"), (3.021, "3.02 s"), (59.96, "1 min"), (12_000, "3 h 20 min"),
     (90_000, "1 d 1 h"), (31_622_400, "366 d"), (-1, "0 ms")],
)  # fmt: skip
def test_a_duration_has_two_units(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_times_are_read_in_all_their_forms() -> None:
    assert moment("2026-01-31T12:00:00Z") == 1_769_860_800
    assert moment("10m") < moment("5m")
    with pytest.raises(ValueError, match="neither a time"):
        moment("soon")


def test_payloads_and_errors_are_shown_as_people_write_them() -> None:
    typed = '{"t": "m", "v": {"a": {"t": "l", "v": [{"t": "i", "v": 1}]}}}'
    assert plain_text(typed) == '{"a": [1]}'
    assert plain_text('{"t": "m", broken') == '{"t": "m", broken'
    assert error_text({"ErrorType": "Callback.Timeout"}) == "Callback.Timeout"
    assert error_text({"ErrorType": "a.b.C", "ErrorMessage": "x"}) == "C: x"
