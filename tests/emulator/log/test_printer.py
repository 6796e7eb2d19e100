"""What the console shows to people and to machines."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.platform_events import LogEvent
from lambda_ric.emulator.log.printer import LogPrinter
from lambda_ric.emulator.log.texts import text_of
from lambda_ric.wire.log_frames import ERROR, WARNING
from tests.conftest import Require
from tests.support.processes import environment

OUTPUT = LogEvent("function", "a\nb", "8476a536-0000-4000-8000-000000000000")

SHOW = """
import os, sys
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.printer import LogPrinter
from lambda_ric.emulator.log.platform_events import LogEvent
printer = LogPrinter(sys.stdout)
printer.show(platform_events.start("id", "1"))
printer.show(LogEvent("function", os.environ.get("OUTPUT", "plain")))
printer.show(LogEvent("function", "bad", level=5))
printer.show(platform_events.fault("id", "worse"))
"""


def shown(*lines: LogEvent, **options: Any) -> str:
    stream = io.StringIO()
    printer = LogPrinter(stream, **options)
    for line in lines:
        printer.show(line)
    return stream.getvalue()


def test_a_record_of_many_lines_is_written_whole() -> None:
    assert shown(OUTPUT) == "a\nb\n"


def test_each_line_names_its_invoke_while_several_run() -> None:
    first, second = (platform_events.start(name, "1") for name in ("first", "second"))
    report = platform_events.report("second", duration=1, memory_size=128, max_memory=1)
    lines = shown(first, second, OUTPUT, report, OUTPUT).splitlines()
    assert lines[2:4] == ["[8476a536] a", "[8476a536] b"]
    assert lines[5:] == ["a", "b"]


def test_each_line_names_its_function_where_several_share_the_log() -> None:
    line = LogEvent("function", "a\nb", function="short")
    names = ["short", "longer"]
    assert shown(line, functions=names) == "short  | a\nshort  | b\n"
    entry = json.loads(shown(line, functions=names, as_json=True))
    assert (entry["function"], entry["record"]) == ("short", "a\nb")
    assert shown(line, functions=["short"]) == "a\nb\n"


def test_quiet_leaves_output_and_faults() -> None:
    lines = (
        platform_events.start("id", "1"),
        OUTPUT,
        platform_events.fault("id", "why"),
        platform_events.end("id"),
    )
    assert shown(*lines, quiet=True) == "a\nb\nwhy\n"


def test_json_is_one_event_a_line() -> None:
    report = platform_events.report(
        "id",
        duration=1.5,
        memory_size=128,
        max_memory=40,
        init_duration=10.25,
        status="error",
        error_type="Runtime.ExitError",
    )
    lines = (OUTPUT, platform_events.start("id", "1"), report)
    events = [json.loads(line) for line in shown(*lines, as_json=True).splitlines()]
    assert [event.pop("time")[-1] for event in events] == ["Z", "Z", "Z"]
    assert events == [
        {"type": "function", "record": "a\nb", "requestId": OUTPUT.request_id},
        {"type": "platform.start", "record": {"requestId": "id", "version": "1"}},
        {
            "type": "platform.report",
            "record": {
                "requestId": "id",
                "status": "error",
                "metrics": {
                    "durationMs": 1.5,
                    "billedDurationMs": 12,
                    "memorySizeMB": 128,
                    "maxMemoryUsedMB": 40,
                    "initDurationMs": 10.25,
                },
                "errorType": "Runtime.ExitError",
            },
        },
    ]


def test_a_report_reads_as_in_cloudwatch() -> None:
    report = platform_events.report(
        "id", duration=2.071, memory_size=128, max_memory=39, init_duration=110.12
    )
    assert text_of(report) == (
        "REPORT RequestId: id\tDuration: 2.07 ms\tBilled Duration: 113 ms\tMemory Size: 128 MB\t"
        "Max Memory Used: 39 MB\tInit Duration: 110.12 ms\t"
    )


def test_a_closed_stream_does_not_stop_the_emulator() -> None:
    stream = io.StringIO()
    printer = LogPrinter(stream)
    stream.close()
    printer.show(OUTPUT)
    printer.show(OUTPUT)


def on_a_terminal(**variables: str) -> str:
    """Return what a console writes when its output is a terminal."""
    pty = pytest.importorskip("pty")
    parent, child = pty.openpty()
    env = environment(**{"TERM": "xterm", **variables})
    subprocess.run([sys.executable, "-c", SHOW], stdout=child, env=env, check=True)
    os.close(child)
    text = os.read(parent, 65_536).decode().replace("\r\n", "\n")
    os.close(parent)
    return text


def test_a_terminal_gets_colours(require: Require) -> None:
    require(os.name == "posix", "terminals are Unix's")
    assert on_a_terminal() == (
        "\x1b[2mSTART RequestId: id Version: 1\x1b[0m\nplain\n"
        "\x1b[31mbad\x1b[0m\n\x1b[31mworse\x1b[0m\n"
    )


def test_a_terminal_gets_no_control_characters_of_a_function_but_colours(
    require: Require,
) -> None:
    require(os.name == "posix", "terminals are Unix's")
    text = on_a_terminal(OUTPUT="\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J\x9b3J\ttab")
    assert "\x1b[31mred\x1b[0m \\x1b]0;title\\x07 \\x1b[2J\\x9b3J\ttab\n" in text


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_declined(require: Require, variables: dict[str, str]) -> None:
    require(os.name == "posix", "terminals are Unix's")
    assert "\x1b" not in on_a_terminal(**variables)


def test_levels_are_those_of_the_frames() -> None:
    assert (WARNING, ERROR) == (4, 5)
