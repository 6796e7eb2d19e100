"""The same events, as the subscribers of each API and schema get them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambda_ric.emulator.log import phase_events, platform_events
from lambda_ric.emulator.log.phase_events import InitKind, Instance, PhaseEnd
from lambda_ric.emulator.log.platform_events import LogEvent
from lambda_ric.emulator.runtime_api.telemetry.apis import LOGS, TELEMETRY, Api
from lambda_ric.emulator.runtime_api.telemetry.dialects import encoder
from lambda_ric.emulator.runtime_api.telemetry.requests import (
    Buffering,
    Subscription,
    TcpAddress,
)

TIME = "2026-01-02T03:04:05.678Z"
INSTANCE = Instance("f", "1", "instance", 128)
FAILED = PhaseEnd("error", "Runtime.ExitError")

DONE = platform_events.runtime_done(
    "id",
    status="error",
    error_type=None,
    duration=1.5,
    produced_bytes=7,
    spans=[platform_events.span("responseLatency", 0.0, 1.0)],
    trace_id="Root=1-a",
)


def heard(
    event: LogEvent,
    api: Api = TELEMETRY,
    schema: str = "2025-01-29",
    types: tuple[str, ...] = ("platform", "function", "extension"),
    *,
    json_logs: bool = False,
) -> Any:
    """Return the record that a subscriber gets; None if it does not get the event."""
    subscription = Subscription(api, schema, types, Buffering(), TcpAddress(1))
    encoded = encoder(subscription, json_logs=json_logs)(event, TIME)
    if encoded is None:
        return None
    written = json.loads(encoded)
    assert list(written) == ["time", "type", "record"]
    assert (written["time"], written["type"]) == (TIME, event.type)
    return written["record"]


def test_a_subscriber_gets_the_types_that_it_asked_for() -> None:
    line, other = LogEvent("function", "a"), LogEvent("extension", "b")
    start = platform_events.start("id", "1")
    for types in (("platform",), ("function",), ("extension",)):
        got = [heard(event, types=types) is not None for event in (start, line, other)]
        assert got == [kind in types for kind in ("platform", "function", "extension")]


@pytest.mark.parametrize("kind", ["function", "extension"])
def test_lines_that_hold_an_object_are_objects_where_the_log_format_is_json(kind: str) -> None:
    line = LogEvent(kind, '{"level": "INFO", "message": "hello"}')
    record = {"level": "INFO", "message": "hello"}
    assert heard(line, json_logs=True) == record
    assert heard(line, schema="2022-12-13", json_logs=True) == record
    assert heard(line, schema="2022-07-01", json_logs=True) == line.record
    assert heard(line, LOGS, "2021-03-18", json_logs=True) == line.record
    assert heard(line, json_logs=False) == line.record


@pytest.mark.parametrize("text", ["plain", "{broken", '{"a": NaN}', "[1]", "{" * 9_000, "\ud800"])
def test_all_other_lines_stay_as_they_are(text: str) -> None:
    assert heard(LogEvent("function", text), json_logs=True) == text


def test_the_logs_api_has_less_of_each_event() -> None:
    report = platform_events.report(
        "id", duration=1, memory_size=128, max_memory=1, status="error", trace_id="Root=1-a"
    )
    start = phase_events.init_start(InitKind(), INSTANCE)
    assert heard(start)["functionName"] == "f"
    assert heard(start, LOGS, "2021-03-18") is None
    assert set(heard(report)) == {"requestId", "status", "metrics", "tracing", "errorType"}
    assert set(heard(report, LOGS, "2020-08-15")) == {"requestId", "metrics"}
    assert heard(platform_events.end("id"), LOGS, "2020-08-15") == {"requestId": "id"}
    assert heard(platform_events.end("id")) is None
    assert heard(platform_events.fault("id", "why"), LOGS, "2020-08-15") == "why"
    assert heard(platform_events.fault("id", "why")) is None
    assert heard(DONE, LOGS, "2020-08-15") is None
    assert heard(DONE, LOGS, "2021-03-18") == {"requestId": "id", "status": "failure"}
    assert heard(DONE)["errorType"] == "Runtime.Unknown"


def test_restores_and_failed_starts_are_reported_in_both() -> None:
    kind = InitKind("snap-start", "snap-start")
    done = phase_events.init_runtime_done(kind, FAILED)
    assert heard(done) == {
        "initializationType": "snap-start",
        "phase": "snap-start",
        "status": "error",
        "errorType": "Runtime.ExitError",
    }
    assert heard(done, LOGS, "2021-03-18") == {
        "initializationType": "snap-start",
        "status": "failure",
    }
    assert heard(phase_events.restore_start(INSTANCE), LOGS, "2020-08-15") == {}
    report = phase_events.restore_report(PhaseEnd(), 15.19)
    assert heard(report) == {"status": "success", "metrics": {"durationMs": 15.19}}
    assert heard(report, LOGS, "2020-08-15") == {"metrics": {"durationMs": 15.19}}


def test_what_only_the_emulator_knows_is_no_telemetry() -> None:
    request = platform_events.http_request(
        "id", method="GET", path="/", status=200, duration=1, function="f"
    )
    for event in (platform_events.notice("ready"), request):
        assert heard(event) is None
        assert heard(event, LOGS, "2021-03-18") is None
