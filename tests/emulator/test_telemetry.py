"""The Telemetry API and the Logs API: real extensions subscribe, and the test listens."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.extensions import extended
from tests.support.service import function, running_service, scenario
from tests.support.telemetry import (
    FIELDS,
    LOGS,
    TELEMETRY,
    http_listener,
    subscribing,
    subscription,
    tcp_listener,
)

pytestmark = pytest.mark.slow

BEGINNING = [
    "platform.initStart",
    "platform.telemetrySubscription",
    "platform.initRuntimeDone",
    "platform.extension",
    "platform.initReport",
]
INVOKE = ["platform.start", "platform.runtimeDone", "platform.report"]


def kinds_of(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def check_fields(events: list[dict[str, Any]]) -> None:
    for event in events:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
        required, allowed = FIELDS[event["type"]]
        record = event["record"]
        assert required <= set(record) <= required | allowed, event
        if record.get("status") in ("error", "failure"):
            assert record["errorType"]
        for span in record.get("spans", []):
            assert set(span) == {"name", "start", "durationMs"}
            assert span["durationMs"] >= 0


def check_invoke(events: list[dict[str, Any]], status: str, error_type: str | None) -> None:
    assert kinds_of(events) == INVOKE
    start, done, report = (event["record"] for event in events)
    assert start["requestId"] == done["requestId"] == report["requestId"]
    assert start["tracing"] == done["tracing"] == report["tracing"]
    assert start["tracing"]["type"] == "X-Amzn-Trace-Id"
    assert (done["status"], report["status"]) == (status, status)
    assert (done.get("errorType"), report.get("errorType")) == (error_type, error_type)
    assert set(done["metrics"]) == {"durationMs", "producedBytes"}
    wanted = {"durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB"}
    assert set(report["metrics"]) - {"initDurationMs"} == wanted
    assert [span["name"] for span in report["spans"]] == ["extensionOverhead"]


@scenario
async def test_a_subscriber_gets_every_platform_event_in_order() -> None:
    """Init, two invokes, an error, a timeout, a crash, and the end, each with its fields."""
    with http_listener() as listener:
        env = subscribing((TELEMETRY, subscription(listener.port, "platform")))
        async with running_service(extended("ears", timeout=2, environment=env)) as served:
            for event in ({}, {"fail": "mine"}, {"sleep": 60}, {"exit": 3}, {}):
                await served.invoke(event)
            await served.invoke({}, X_Amz_Log_Type="Tail")
            await listener.wait_for("platform.report", 6)
            await served.service.stop()
        assert served.text.count('ears subscribed 200 "OK"') == 3
    events = listener.events
    check_fields(events)
    invokes = [
        *[("success", None), ("error", "Runtime.Unknown"), ("timeout", "Sandbox.Timedout")],
        ("error", "Runtime.ExitError"),
        *[("success", None), ("success", None)],
    ]
    for number, (status, error_type) in enumerate(invokes):
        if number in (0, 3, 4):
            begin, events = events[:5], events[5:]
            assert kinds_of(begin) == BEGINNING
            assert begin[0]["record"]["initializationType"] == "on-demand"
            assert begin[4]["record"]["metrics"]["durationMs"] > 0
        check_invoke(events[:3], status, error_type)
        spans = {span["name"] for span in events[1]["record"].get("spans", [])}
        if status == "success":
            assert spans == {"responseLatency", "responseDuration", "runtimeOverhead"}
            assert events[1]["record"]["metrics"]["producedBytes"] > 0
        events = events[3:]
    assert events == []
    starts = [record["instanceId"] for record in listener.records("platform.initStart")]
    assert len(set(starts)) == 3
    path, headers = listener.requests[0]
    assert path == "/here?a=b"
    assert headers["Content-Type"] == "application/json"
    assert headers["Host"] == f"sandbox.localdomain:{listener.port}"


@scenario
async def test_lines_arrive_between_the_events_of_their_invoke(tmp_path: Path) -> None:
    has_arrived = tmp_path / "has arrived"
    with http_listener() as listener:
        env = subscribing((TELEMETRY, subscription(listener.port)))
        env["AWS_LAMBDA_LOG_FORMAT"] = "JSON"
        env["LINGERS_UNTIL"] = str(has_arrived)
        config = extended("ears lingers", environment=env)
        async with running_service(config, as_json=True) as served:
            await served.invoke({"write": '{"a": 1}\nplain\n'})
            await listener.wait_for("platform.report")
            stop = asyncio.create_task(served.service.stop())
            await listener.wait_until(lambda: "ears ends" in listener.records("extension"))
            has_arrived.touch()
            await stop
    kinds = kinds_of(listener.events)
    start, done = kinds.index("platform.start"), kinds.index("platform.runtimeDone")
    lines = [event["record"] for event in listener.events if event["type"] == "function"]
    assert lines == [{"a": 1}, "plain"]
    assert {kinds.index("function"), kinds.index("function") + 1} < set(range(start, done))
    got = [str(record) for record in listener.records("extension")]
    assert any(line.startswith("ears got") and "INVOKE" in line for line in got)
    assert got[-1] == "ears ends", "what is printed at the end arrives as well"
    printed = [json.loads(line) for line in served.text.splitlines()]
    known = [event for event in printed if event["type"] in FIELDS]
    heard = [event for event in listener.events if event["type"] in FIELDS]
    assert [(event["type"], event["record"]) for event in known] == [
        (event["type"], event["record"]) for event in heard
    ]


@scenario
async def test_the_logs_api_has_its_own_events() -> None:
    with tcp_listener() as listener:
        request = subscription(listener.port, schema="2021-03-18", protocol="TCP")
        env = subscribing((LOGS, request))
        async with running_service(extended("ears", environment=env)) as served:
            await served.invoke({"write": "a line\n"})
            await served.invoke({"exit": 1})
            await listener.wait_for("platform.end", 2)
            await served.log.wait_for("ears ends")
    kinds = [kind for kind in kinds_of(listener.events) if kind != "extension"]
    assert kinds[:8] == [
        *["platform.logsSubscription", "platform.initRuntimeDone", "platform.extension"],
        *["platform.initReport", "platform.start", "function"],
        *["platform.runtimeDone", "platform.end"],
    ]
    assert listener.records("platform.runtimeDone")[1]["status"] == "failure"
    assert listener.records("platform.fault")[0].endswith("exit status 1")
    assert "LOGS\tName: ears\tState: Subscribed\tTypes: [Platform, Function, Extension]" in (
        served.text
    )


@scenario
async def test_subscriptions_are_answered_as_in_lambda() -> None:
    with http_listener() as listener:
        first = subscription(listener.port, "platform")
        env = subscribing(
            (f"{TELEMETRY}/", first),
            (TELEMETRY, first),
            (TELEMETRY, {**first, "types": []}),
            (LOGS, {**first, "schemaVersion": "2020-08-15"}),
            (TELEMETRY, {**first, "types": ["function"]}),
        )
        async with running_service(extended("ears", environment=env)) as served:
            await served.invoke({"write": "a line\n"})
            await listener.wait_for("function")
    answers = re.findall(r"^ears subscribed (\d+) (.*)$", served.text, re.M)
    assert [status for status, _ in answers] == ["200", "200", "400", "400", "200"]
    assert [json.loads(text) for _, text in answers] == [
        "OK",
        "AlreadySubscribed",
        {"errorType": "ValidationError", "errorMessage": "types should not be empty"},
        {
            "errorType": "Logs.ValidationError",
            "errorMessage": "The extension ears is already subscribed to the TelemetryAPI. "
            "You must either subscribe to the LogsAPI or the TelemetryAPI",
        },
        "OK",
    ]
    states = [record["state"] for record in listener.records("platform.telemetrySubscription")]
    assert states == ["Subscribed", "Already subscribed", "Subscribed"]
    assert "TELEMETRY\tName: ears\tState: Already subscribed\tTypes: [Platform]" in served.text


@scenario
async def test_a_subscriber_that_hangs_delays_nobody_and_learns_what_it_missed() -> None:
    with http_listener() as listener:
        listener.is_open.clear()
        request = subscription(listener.port, "platform", "function", maxItems=1_000)
        env = subscribing((TELEMETRY, request))
        async with running_service(extended("ears", environment=env)) as served:
            for _ in range(3):
                await served.invoke({"write": "a line\n" * 1_000})
            assert listener.batches == []
            listener.is_open.set()
            [dropped] = await listener.wait_for("platform.logsDropped")
            await served.log.wait_for("LOGS_DROPPED")
    assert set(dropped) == {"droppedBytes", "droppedRecords", "reason"}
    lines = len(listener.records("function"))
    assert 900 <= lines < 3_000
    assert dropped["droppedRecords"] >= 3_000 - lines
    assert all(len(batch) <= 1_001 for batch in listener.batches)


@scenario
async def test_a_batch_is_sent_again_until_it_is_taken() -> None:
    with http_listener() as listener:
        listener.statuses += [500, 503]
        env = subscribing((TELEMETRY, subscription(listener.port, "platform")))
        async with running_service(extended("ears", environment=env)) as served:
            await served.invoke({})
            await listener.wait_for("platform.report")
    assert kinds_of(listener.events)[:5] == BEGINNING


@scenario
async def test_a_subscriber_that_is_not_there_costs_the_function_nothing() -> None:
    with http_listener() as listener:
        port = listener.port
    env = subscribing((TELEMETRY, subscription(port, "platform")))
    async with running_service(extended("ears", environment=env)) as served:
        assert (await served.invoke({})).json()["event"] == {}
        text = await served.log.wait_for("LOGS_DROPPED")
        await served.service.stop()
        assert "ears ends" in served.text
    assert re.search(r"Reason: could not send events: Connection refused", text)


@scenario
async def test_a_failed_initialization_is_told_and_the_next_is_a_part_of_the_invoke() -> None:
    with http_listener() as listener:
        env = subscribing((TELEMETRY, subscription(listener.port, "platform")))
        broken = extended("ears", handler="nowhere.handler", environment=env)
        async with running_service(broken) as served:
            await served.invoke({})
            await served.invoke({})
            await served.log.wait_for("Phase: invoke\tStatus: error")
            await served.service.stop()
    check_fields(listener.events)
    dones = listener.records("platform.initRuntimeDone")
    assert [(done["phase"], done["status"]) for done in dones[:2]] == [
        ("init", "error"),
        ("invoke", "error"),
    ]
    assert dones[0]["errorType"] == "Runtime.ImportModuleError"
    assert listener.records("platform.initReport")[0]["errorType"] == "Runtime.ImportModuleError"


@scenario
async def test_a_restore_has_events_of_its_own() -> None:
    with http_listener() as listener:
        env = subscribing((TELEMETRY, subscription(listener.port, "platform")))
        snap = extended("ears", handler="snapshot.handler", snap_start=True, environment=env)
        async with running_service(snap) as served:
            await served.invoke({})
            await listener.wait_for("platform.report")
    check_fields(listener.events)
    assert kinds_of(listener.events) == [
        *["platform.initStart", "platform.telemetrySubscription", "platform.initRuntimeDone"],
        *["platform.initReport", "platform.restoreStart", "platform.restoreRuntimeDone"],
        *["platform.extension", "platform.restoreReport", *INVOKE],
    ]
    assert listener.records("platform.initStart")[0]["initializationType"] == "snap-start"


@scenario
async def test_the_tenant_is_named() -> None:
    with http_listener() as listener:
        env = subscribing((TELEMETRY, subscription(listener.port, "platform")))
        async with running_service(
            extended("ears", tenant_isolation=True, environment=env)
        ) as served:
            await served.invoke({}, X_Amz_Tenant_Id="blue")
            [report] = await listener.wait_for("platform.report")
    assert report["tenantId"] == listener.records("platform.start")[0]["tenantId"] == "blue"


@pytest.mark.parametrize("path", [TELEMETRY, LOGS])
@scenario
async def test_an_internal_extension_subscribes_while_it_is_initialized_and_not_later(
    path: str,
) -> None:
    with http_listener() as listener:
        schema = "2025-01-29" if path == TELEMETRY else "2021-03-18"
        env = subscribing(
            (path, subscription(listener.port, "platform", "function", schema=schema))
        )
        inside = function("internal.handler", environment=env, concurrency=1)
        async with running_service(inside) as served:
            late = (await served.invoke({})).json()
            await listener.wait_for("platform.report")
            await served.invoke({"write": "a line\n"})
            await listener.wait_for("platform.report", 2)
    name = "Telemetry" if path == TELEMETRY else "Logs"
    assert late == [
        403,
        {
            "errorMessage": f"{name} API subscription is closed already",
            "errorType": f"{name}.SubscriptionClosed",
        },
    ]
    assert kinds_of(listener.events)[:2] == (
        ["platform.initStart", "platform.telemetrySubscription"]
        if path == TELEMETRY
        else ["platform.logsSubscription", "platform.initRuntimeDone"]
    )
