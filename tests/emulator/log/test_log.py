"""Who hears of the events of the log."""

from __future__ import annotations

from lambda_ric.emulator.invoke import CallbackInvoke
from lambda_ric.emulator.log import platform_events
from lambda_ric.emulator.log.environment_log import EnvironmentLog
from lambda_ric.emulator.log.log import Log
from lambda_ric.emulator.log.platform_events import LogEvent
from lambda_ric.wire.runtime_api import Invocation


def test_every_subscriber_hears_every_event_until_it_leaves() -> None:
    first, second = list[LogEvent](), list[LogEvent]()
    log = Log(first.append)
    leave = log.subscribe(second.append)
    log.emit(platform_events.notice("a"))
    leave()
    log.emit(platform_events.notice("b"))
    assert [event.record for event in first] == ["a", "b"]
    assert [event.record for event in second] == ["a"]


def test_an_event_names_its_function_and_its_invoke() -> None:
    heard = list[LogEvent]()
    log = EnvironmentLog(Log(heard.append), "greeter")
    log.output(b"before\n")
    log.begin(CallbackInvoke(Invocation("id", b""), lambda outcome: None))
    log.output(b"within\nrest")
    log.end(platform_events.report("id", duration=1, memory_size=128, max_memory=1))
    log.output(b"after\n")
    assert [(event.type, event.request_id) for event in heard] == [
        ("function", ""),
        ("platform.start", "id"),
        ("function", "id"),
        ("function", "id"),
        ("platform.end", "id"),
        ("platform.report", "id"),
        ("function", ""),
    ]
    assert {event.function for event in heard} == {"greeter"}


def test_an_invoke_that_wants_it_gets_the_end_of_its_log() -> None:
    log = EnvironmentLog(Log(), "greeter")
    invoke = CallbackInvoke(Invocation("id", b""), lambda outcome: None, wants_tail=True)
    log.output(b"before\n")
    log.begin(invoke)
    log.output(b"within\n")
    assert bytes(invoke.tail or b"") == b"START RequestId: id Version: $LATEST\nwithin\n"
