"""Tools that wrap the handler, or that it uses: they emit the same under both runtimes."""

from __future__ import annotations

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

from tests.agents.collector import Collector
from tests.agents.running import Emitted, Tool

EVENTS = [{"item": "tea"}, {"fail": True}]
SOLD = b'{"sold": "tea"}'
TRACE = "1-5759e988-bd862e3fe1be46a994272793"


def check_answers(emitted: Emitted) -> None:
    """What Lambda gets is what the function does."""
    first, second = emitted.posts
    assert first.body == SOLD
    assert (second.json()["errorType"], second.json()["errorMessage"]) == ("ValueError", "boom")


def masked(value: Any) -> Any:
    """Return JSON without times, which differ from run to run."""
    times = r'"(Timestamp|timestamp)": ?("[^"]*"|\d+)'
    return json.loads(re.sub(times, r'"\1": 0', json.dumps(value)))


def subsegments(emitted: Emitted) -> list[Any]:
    """What arrived at the X-Ray daemon."""
    segments = [json.loads(data.split(b"\n", 1)[1]) for data in emitted.collector.datagrams]
    return [
        (
            segment["name"],
            segment.get("annotations"),
            segment["trace_id"],
            segment["parent_id"],
            [exception["type"] for exception in segment.get("cause", {}).get("exceptions", [])],
        )
        for segment in segments
    ]


def test_lumigo_reports_its_spans() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {
            "LUMIGO_ORIGINAL_HANDLER": "shop.handler",
            "LUMIGO_TRACER_TOKEN": "t_0123456789abcdefghij",
            "LUMIGO_USE_TRACER_EXTENSION": "true",  # to files, which are not sent anywhere
            "LUMIGO_DEBUG": "true",
        }

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        assert "Using fallback" not in emitted.stdout + emitted.stderr
        files = [Path(name) for name in re.findall(r"file to \[([^]]+)\]", emitted.stderr)]
        spans = [span for file in files for span in _lumigo_spans(file)]
        return [
            (span["type"], span.get("name"), (span.get("error") or {}).get("type"))
            for span in spans
        ]

    handler = "lumigo_tracer.auto_instrument_handler._handler"
    told = Tool("lumigo").same_everywhere(tell, handler, EVENTS, settings)
    assert ("function", "shop", "ValueError") in told


def _lumigo_spans(file: Path) -> list[dict[str, Any]]:
    spans: list[dict[str, Any]] = json.loads(file.read_text())
    file.unlink()
    return spans


def test_epsagon_sends_its_traces() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {"EPSAGON_COLLECTOR_URL": f"http://{collector.http}", "EPSAGON_SSL": "FALSE"}

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        traces = [json.loads(request.body) for request in emitted.collector.requests]
        return [
            (event["origin"], event["resource"]["name"], event["error_code"])
            for trace in traces
            for event in trace["events"]
        ]

    told = Tool("epsagon").same_everywhere(tell, "epsagon_shop.handler", EVENTS, settings)
    assert ("runner", "shop", 2) in told


def test_thundra_sends_its_monitoring_data() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {
            "CATCHPOINT_APIKEY": "key",
            "CATCHPOINT_REPORT_REST_BASEURL": f"http://{collector.http}",
        }

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        batches = [json.loads(request.body) for request in emitted.collector.requests]
        data = [item["data"] for batch in batches for item in batch]
        return [(item["type"], item.get("applicationName"), item.get("errorType")) for item in data]

    told = Tool("thundra").same_everywhere(tell, "thundra_shop.handler", EVENTS, settings)
    assert ("Invocation", "shop", "ValueError") in told


def test_datadog_logs_its_metrics_and_traces_and_marks_log_records() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {
            "DD_LAMBDA_HANDLER": "logging_shop.handler",
            "DD_FLUSH_TO_LOG": "true",
            "DD_SERVICE": "shop",
            "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false",
        }

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        records = re.findall(r"\[dd.trace_id=\w+ dd.span_id=\d+\]\t(.*)", emitted.stdout)
        told: list[Any] = [("record", record) for record in records]
        for item in emitted.printed():
            if "m" in item:
                told.append((item["m"], item["v"] if item["v"] == 1 else None, item["t"]))
            spans = [span for trace in item.get("traces", []) for span in trace]
            told += [
                (span["name"], span["meta"].get("error.type"))
                for span in spans
                if span["name"] == "aws.lambda"  # not the time of each import
            ]
        return told

    handler = "datadog_lambda.handler.handler"
    told = Tool("datadog").same_everywhere(tell, handler, EVENTS, settings)
    assert ("aws.lambda", "builtins.ValueError") in told
    assert ("record", "selling") in told


def test_new_relic_logs_its_payload() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {
            "NEW_RELIC_SERVERLESS_MODE_ENABLED": "true",
            "NEW_RELIC_ACCOUNT_ID": "1",
            "NEW_RELIC_TRUSTED_ACCOUNT_KEY": "1",
            "NEW_RELIC_LICENSE_KEY": "0" * 40,
            "NEW_RELIC_APP_NAME": "shop",
        }

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        packed = [item[2] for item in emitted.printed() if item[1] == "NR_LAMBDA_MONITORING"]
        payloads = [json.loads(gzip.decompress(base64.b64decode(text))) for text in packed]
        return [
            (
                sorted(payload["data"]),
                [error[1:4] for error in payload["data"].get("error_data", [0, []])[1]],
            )
            for payload in payloads
        ]

    told = Tool("newrelic").same_everywhere(tell, "newrelic_shop.handler", EVENTS, settings)
    assert "boom" in str(told)


def test_elastic_sends_its_transactions_and_errors() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {
            "ELASTIC_APM_SERVER_URL": f"http://{collector.http}",
            "ELASTIC_APM_CENTRAL_CONFIG": "false",
            "ELASTIC_APM_CLOUD_PROVIDER": "none",
        }

    def tell(emitted: Emitted) -> set[Any]:
        check_answers(emitted)
        items = [item for request in emitted.collector.requests for item in request.lines()]
        transactions = [item["transaction"] for item in items if "transaction" in item]
        errors = [item["error"]["exception"] for item in items if "error" in item]
        return {
            *[(item["name"], item["outcome"], item["faas"]["name"]) for item in transactions],
            *[(error["type"], error["message"]) for error in errors],
        }

    told = Tool("elastic").same_everywhere(tell, "elastic_shop.handler", EVENTS, settings)
    assert ("shop", "failure", "shop") in told
    assert ("ValueError", "ValueError: boom") in told


def test_instana_sends_its_spans() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {
            "AUTOWRAPT_BOOTSTRAP": "instana",
            "LAMBDA_HANDLER": "shop.handler",
            "INSTANA_ENDPOINT_URL": f"http://{collector.http}",
            "INSTANA_AGENT_KEY": "key",
        }

    def tell(emitted: Emitted) -> set[Any]:
        check_answers(emitted)
        bundles = [json.loads(request.body) for request in emitted.collector.requests]
        spans = [span for bundle in bundles for span in bundle["spans"]]
        plugins = [item for bundle in bundles for item in bundle["metrics"]["plugins"]]
        return {
            *[(span["n"], span["data"].get("lambda", {}).get("functionName")) for span in spans],
            *[(plugin["name"], plugin["entityId"]) for plugin in plugins],
        }

    told = Tool("instana").same_everywhere(tell, "shop.handler", EVENTS, settings)
    arn = "arn:aws:lambda:us-east-1:123456789012:function:function:$LATEST"
    assert ("com.instana.plugin.aws.lambda", arn) in told
    assert any(name == "aws.lambda.entry" for name, _ in told)


def test_xray_sends_its_subsegments() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {"AWS_XRAY_DAEMON_ADDRESS": collector.udp, "LAMBDA_TASK_ROOT": "/var/task"}

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        return subsegments(emitted)

    told = Tool("xray").same_everywhere(tell, "xray_shop.handler", EVENTS, settings)
    assert told[0] == ("price", {"item": "tea"}, TRACE, "53995c3f42cd8ad8", [])
    assert told[-1][4] == ["ValueError"]


def test_opentelemetry_exports_its_spans() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {"_HANDLER": "opentelemetry_shop.handler"}

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        return [
            (
                span["name"],
                span["kind"],
                span["status"]["status_code"],
                {name: str(value) for name, value in span["attributes"].items()},
                [event["attributes"].get("exception.type") for event in span["events"]],
            )
            for span in emitted.printed()
        ]

    tool = Tool("opentelemetry")
    told = tool.same_everywhere(tell, "opentelemetry_shop.handler", EVENTS, settings)
    names = [(name, status) for name, _, status, *_ in told]
    assert ("sell", "UNSET") in names
    assert ("shop", "ERROR") in names
    assert told[-1][4] == ["ValueError"]


def test_dash0_exports_its_spans() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        endpoint = f"http://{collector.http}"
        return {"DASH0_OTEL_COLLECTOR_BASE_URL": endpoint, "OTEL_SERVICE_NAME": "shop"}

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        requests = emitted.collector.requests
        bodies = [request.body for request in requests if request.path == "/v1/traces"]
        words = (b"dash0-python", b"sell at dash0", b"ValueError", b"boom")
        return [[word for word in words if word in body] for body in bodies]

    launcher = ["opentelemetry-instrument"]
    told = Tool("dash0").same_everywhere(tell, "dash0_shop.handler", EVENTS, settings, launcher)
    assert told == [
        [b"dash0-python", b"sell at dash0"],
        [b"dash0-python", b"sell at dash0", b"ValueError", b"boom"],
    ]


def test_powertools_logs_measures_and_traces() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {"AWS_XRAY_DAEMON_ADDRESS": collector.udp, "LAMBDA_TASK_ROOT": "/var/task"}

    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        return [*masked(emitted.printed()), *subsegments(emitted)]

    tool = Tool("powertools")
    told = tool.same_everywhere(tell, "powertools_shop.handler", EVENTS, settings)
    assert told[-2][:2] == ("## handler", {"ColdStart": True, "Service": "shop"})
    assert [record for record in told[:-2] if record.get("message") == "selling"]


def test_embedded_metrics_are_logged() -> None:
    def tell(emitted: Emitted) -> list[Any]:
        check_answers(emitted)
        printed: list[Any] = masked(emitted.printed())
        return printed

    tool = Tool("embedded-metrics")
    told = tool.same_everywhere(tell, "embedded_metrics_shop.handler", EVENTS)
    assert [item["Sold"] for item in told] == [1, 1]


def test_hooks_of_snapshot_restore_py_run() -> None:
    def settings(collector: Collector) -> dict[str, str]:
        return {"AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start"}

    def tell(emitted: Emitted) -> list[str]:
        check_answers(emitted)
        return emitted.stdout.splitlines()[:3]

    tool = Tool("snapshot-restore")
    told = tool.same_everywhere(tell, "snapshot_shop.handler", EVENTS, settings)
    assert told == ["before 2", "before 1", "after!"]
