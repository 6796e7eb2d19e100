"""The log of AWS's client, as tools find it, on this runtime's log."""

from __future__ import annotations

import pytest

from lambda_ric.ondemand.seams.log_utils import LogFormat, StandardLogSink
from lambda_ric.runtime.client import RuntimeApiClient
from lambda_ric.runtime.log_sink import open_log_sink
from lambda_ric.runtime.loop import Current, Runtime
from tests.support.runtime import settings_for


@pytest.fixture
def sink() -> StandardLogSink:
    settings = settings_for("127.0.0.1:9001")
    api = RuntimeApiClient(settings)
    return StandardLogSink(Runtime(settings, api, open_log_sink(None), Current()))


@pytest.mark.parametrize(
    ("value", "format"),
    [
        ("JSON", LogFormat.JSON),
        ("json", LogFormat.JSON),
        ("Text", LogFormat.TEXT),
        ("XML", LogFormat.TEXT),
        ("", LogFormat.TEXT),
        (None, LogFormat.TEXT),
    ],
)
def test_any_format_but_json_is_text(value: str | None, format: int) -> None:
    assert LogFormat.from_str(value) == format


def test_a_record_is_written_as_it_is(
    sink: StandardLogSink, capsys: pytest.CaptureFixture[str]
) -> None:
    sink.log("a record\n", b"\xa5\x5a\x00\x01")
    assert capsys.readouterr().out == "a record\n"


def test_the_lines_of_an_error_are_one_event(
    sink: StandardLogSink, capsys: pytest.CaptureFixture[str]
) -> None:
    sink.log_error(["[ERROR] first", "second"])
    assert capsys.readouterr().out == "[ERROR] first\rsecond\n"


def test_an_error_that_a_tool_made_is_logged_with_what_it_says(
    sink: StandardLogSink, capsys: pytest.CaptureFixture[str]
) -> None:
    sink.log_error_result(
        {
            "errorMessage": "made by a tool",
            "errorType": "ToolError",
            "requestId": "id",
            "stackTrace": ["  in the tool\n"],
        }
    )
    assert capsys.readouterr().out.startswith("[ERROR] ToolError: made by a tool")
