"""Sentry replaces functions of AWS's client: what it reports is the same under both runtimes."""

from __future__ import annotations

from typing import Any

import pytest

from lambda_ric.testing import Event
from tests.agents.collector import Collector
from tests.agents.running import UNDER_OURS, UNDER_OURS_ALONE, Emitted, Tool

BOOM = ("event", "ValueError", "boom", "shop")


@pytest.fixture(scope="module")
def sentry() -> Tool:
    return Tool("sentry")


def settings(collector: Collector, **more: str) -> dict[str, str]:
    return {"DSN": f"http://key@{collector.http}/1", **more}


def late(collector: Collector) -> dict[str, str]:
    return settings(collector, LATE="1")


def failing(collector: Collector) -> dict[str, str]:
    return settings(collector, FAIL_INIT="1")


def reported(emitted: Emitted) -> list[Any]:
    """What arrived at Sentry, in order: events, messages and transactions."""
    items = [item for request in emitted.collector.requests for item in request.lines()]
    return [known for item in items if (known := _tell(item)) is not None]


def _tell(item: dict[str, Any]) -> tuple[Any, ...] | None:
    if item.get("type") == "transaction" and "contexts" in item:
        return ("transaction", item["transaction"], item["contexts"]["trace"]["op"])
    if "exception" in item:
        exception = item["exception"]["values"][-1]
        if exception["type"] == "FaultException":
            return None  # AWS's client dies of it when the scripted Runtime API ends
        name = item.get("extra", {}).get("lambda", {}).get("function_name")
        return ("event", exception["type"], exception["value"], name)
    return ("message", item["message"]) if "message" in item else None


def transaction() -> tuple[str, str, str]:
    return ("transaction", "shop", "function.aws")


def test_it_reports_an_exception_and_a_transaction(sentry: Tool) -> None:
    events = [{"item": "tea"}, {"fail": True}]
    assert sentry.same_everywhere(reported, "sentry_shop.handler", events, settings) == [
        transaction(),
        BOOM,
        transaction(),
    ]


def test_it_reports_an_error_at_import(sentry: Tool) -> None:
    told = sentry.same_everywhere(reported, "sentry_shop.handler", [], failing)
    assert told == [("event", "RuntimeError", "no stock", None)]


def test_it_may_be_set_up_by_the_first_invocation(sentry: Tool) -> None:
    events = [{"set up": True}, {"fail": True}]
    told = sentry.same_everywhere(reported, "sentry_shop.handler", events, late)
    assert told == [("message", "set up"), BOOM, transaction()]


def test_it_warns_of_a_timeout(sentry: Tool) -> None:
    events = [Event({"sleep": 1.5}, timeout=2.0)]
    told = sentry.same_everywhere(reported, "sentry_shop.handler", events, settings)
    assert [item[:2] for item in told] == [
        ("event", "ServerlessTimeoutWarning"),
        ("transaction", "shop"),
    ]


ours = pytest.mark.parametrize("setting", [UNDER_OURS, UNDER_OURS_ALONE])


@ours
@pytest.mark.parametrize("handler", ["coroutine", "generator", "async_generator"])
def test_it_reports_the_exceptions_of_handlers_that_only_we_know(
    sentry: Tool, setting: tuple[str, bool], handler: str
) -> None:
    events = [{"item": "tea"}, {"fail": True}]
    emitted = sentry.run(setting, f"sentry_shop.{handler}", events, settings)
    assert reported(emitted) == [transaction(), BOOM, transaction()]
    assert b"tea" in emitted.bodies[0]


@ours
def test_it_warns_of_the_timeout_of_a_coroutine(sentry: Tool, setting: tuple[str, bool]) -> None:
    events = [Event({"sleep": 1.5}, timeout=2.0)]
    told = reported(sentry.run(setting, "sentry_shop.slow_coroutine", events, settings))
    assert told[0][:2] == ("event", "ServerlessTimeoutWarning")


@ours
@pytest.mark.parametrize("mode", ["process", "thread", "async"])
def test_it_reports_where_several_invocations_are_served_at_once(
    sentry: Tool, setting: tuple[str, bool], mode: str
) -> None:
    def concurrently(collector: Collector) -> dict[str, str]:
        modes = {"AWS_LAMBDA_MAX_CONCURRENCY": "2", "AWS_LAMBDA_CONCURRENCY_MODE": mode}
        return settings(collector, **modes)

    events = [{"fail": True}, {"fail": True}]
    told = reported(sentry.run(setting, "sentry_shop.coroutine", events, concurrently))
    assert sorted(told) == [BOOM, BOOM, transaction(), transaction()]
