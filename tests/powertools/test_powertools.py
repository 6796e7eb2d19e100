"""Powertools under the runtime: a child process that is served events, as in Lambda."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lambda_ric.testing import Event, events
from lambda_ric.testing.script import request_id
from lambda_ric.wire.runtime_api import TRACE_ID
from tests.support.runtime import serving

HANDLERS = Path(__file__).parent / "handlers"

TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"


def serve(handler: str, *invocations: Event, **environment: str) -> tuple[list[Any], str]:
    """Serve events with a handler of shop.py; return the results and what it has printed."""
    variables = {
        "AWS_LAMBDA_FUNCTION_NAME": "shop-function",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_REGION": "us-east-1",
        **environment,
    }
    script = list(invocations)
    with serving(f"shop.{handler}", script, environ=variables, cwd=HANDLERS) as runtime:
        posts = runtime.posts(len(script))
        runtime.api.wait_until_idle()
        return [post.json() for post in posts], runtime.stdout.decode()


@pytest.fixture
def xray() -> Iterator[socket.socket]:
    """Listen where the X-Ray daemon would."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))
        daemon.settimeout(30)
        yield daemon


def test_routes_answer_requests_of_the_rest_api() -> None:
    results, _ = serve("rest", Event(events.rest_api("GET", "/orders/7")))
    (answer,) = results
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"order": "7"})


def test_routes_answer_requests_to_a_function_url() -> None:
    event = events.function_url("GET", "/orders/8")
    (answer, missing), _ = serve(
        "function_url", Event(event), Event(events.function_url("GET", "/nothing"))
    )
    assert json.loads(answer["body"]) == {"order": "8"}
    assert missing["statusCode"] == 404


def test_log_records_are_json_with_the_request_id_of_each_invocation() -> None:
    _, printed = serve("rest", *[Event(events.rest_api(path=f"/orders/{n}")) for n in (1, 2)])
    records = [json.loads(line) for line in printed.splitlines()]
    logged = [record for record in records if record.get("message") == "order asked for"]
    assert [record["number"] for record in logged] == ["1", "2"]
    assert [record["function_request_id"] for record in logged] == [request_id(1), request_id(2)]
    assert [record["cold_start"] for record in logged] == [True, False]
    assert {record["function_name"] for record in logged} == {"shop-function"}
    assert {record["service"] for record in logged} == {"shop"}


def test_metrics_are_printed_once_for_each_invocation() -> None:
    _, printed = serve("rest", *[Event(events.rest_api(path="/orders/1"))] * 2)
    metrics = [json.loads(line) for line in printed.splitlines() if "_aws" in line]
    orders = [record for record in metrics if "Orders" in record]
    starts = [record for record in metrics if "ColdStart" in record]
    assert [record["Orders"] for record in orders] == [[1.0], [1.0]]
    assert len(starts) == 1
    assert orders[0]["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "Shop"


def test_segments_reach_xray_under_the_trace_of_the_invocation(xray: socket.socket) -> None:
    host, port = xray.getsockname()
    serve(
        "rest",
        Event(events.rest_api(path="/orders/1"), {TRACE_ID: TRACE}),
        LAMBDA_TASK_ROOT=str(HANDLERS),
        AWS_XRAY_DAEMON_ADDRESS=f"{host}:{port}",
    )
    segment = json.loads(xray.recv(65_536).split(b"\n", 1)[1])
    assert segment["name"] == "## rest"
    assert segment["trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"
    assert segment["parent_id"] == "53995c3f42cd8ad8"


@pytest.mark.parametrize("handler", ["batch", "async_batch"])
def test_a_batch_reports_which_messages_failed(handler: str) -> None:
    event = events.sqs("good", "bad", "fine")
    (answer,), _ = serve(handler, Event(event))
    failed = event["Records"][1]["messageId"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": failed}]}


def test_data_classes_wrap_the_event() -> None:
    assert serve("data_class", Event(events.sqs("a", "b")))[0] == [["a", "b"]]
