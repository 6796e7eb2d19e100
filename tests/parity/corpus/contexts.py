"""The context object, and the environment variables that go with it."""

from __future__ import annotations

import json

from lambda_ric.testing import Event
from tests.parity.scenario import JSON_LOGS, PYTHON_3_12, Scenario, excuse, functions_of, named

FUNCTION = {
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f",
    "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/22/[$LATEST]ab",
    "AWS_LAMBDA_FUNCTION_NAME": "f",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
}
APP = {
    "installation_id": "i",
    "app_title": "t",
    "app_version_name": "1.0",
    "app_version_code": "1",
    "app_package_name": "p",
    "more": "dropped",
}
TRACE = {"traceparent": "00-a-b-01", "tracestate": "x=y", "baggage": "k=v", "other": "no"}

CLIENT_CONTEXTS = {
    "whole": {"custom": {"k": "é"}, "env": {"e": 1}, "client": APP, "more": 1},
    "without client": {"custom": {"k": 1}},
    "client null": {"client": None},
    "client empty": {"client": {}},
    "client in part": {"client": {"app_title": "only"}},
    "empty": {},
    "null": None,
    "custom in capitals": {"Custom": {"k": 1}},
    "list": [1],
    "number": 5,
    "text": "text",
    "false": False,
    "client is a text": {"client": "text"},
    "with trace": {"w3c": TRACE, "custom": 1},
}
BROKEN = {"not json": "{bad", "blank": " ", "extra": "{} {}", "nan": '{"custom": NaN}'}

TRACES = {
    "all": TRACE,
    "in part": {"traceparent": "00"},
    "not texts": {"traceparent": 5, "tracestate": None, "baggage": ["x"]},
    "not an object": "00",
    "null": None,
    "empty": {},
}

IDENTITIES = {
    "both": {"cognitoIdentityId": "id", "cognitoIdentityPoolId": "pool"},
    "one": {"cognitoIdentityId": "id"},
    "empty": {},
    "other": {"cognito_identity_id": "id"},
    "null": None,
    "list": [1],
}


OWN_FRAMES = excuse("own-frames", "posts", "headers", "stdout")


def _client(asked: str, text: str) -> Event:
    return Event(asked, {"Lambda-Runtime-Client-Context": text})


def _identity(text: str) -> Event:
    return Event("identity", {"Lambda-Runtime-Cognito-Identity": text})


def _trace(value: str | None) -> Event:
    return Event("trace", {"Lambda-Runtime-Trace-Id": value})


def _deadline(value: str | None) -> Event:
    return Event("remaining_exact", {"Lambda-Runtime-Deadline-Ms": value})


CLIENT_EVENTS = {
    **{name: _client("client", json.dumps(value)) for name, value in CLIENT_CONTEXTS.items()},
    **{name: _client("client", text) for name, text in BROKEN.items()},
    "raw utf-8": _client("client", '{"custom": "é😀"}'),
    "header empty": _client("client", ""),
    "types": _client("client_types", json.dumps(CLIENT_CONTEXTS["whole"])),
    "extra": _client("client_extra", json.dumps(CLIENT_CONTEXTS["whole"])),
    "assigned": _client("client_assign", json.dumps(CLIENT_CONTEXTS["whole"])),
    "text": _client("text", json.dumps(CLIENT_CONTEXTS["whole"])),
}

SCENARIOS = [
    Scenario(
        "context",
        "contexts.handler",
        {
            **functions_of(
                "contexts.py",
                "client_types",
                "client_extra",
                "client_assign",
                "remaining_exact",
                "changed_environment",
            ),
            "tenant": Event("attributes", {"Lambda-Runtime-Aws-Tenant-Id": "tenant-1"}),
            "tenant empty": Event("attributes", {"Lambda-Runtime-Aws-Tenant-Id": ""}),
            "arn absent": Event("attributes", {"Lambda-Runtime-Invoked-Function-Arn": None}),
            "arn empty": Event("attributes", {"Lambda-Runtime-Invoked-Function-Arn": ""}),
        },
        FUNCTION,
    ),
    Scenario(
        "context of a renamed function",
        "contexts.handler",
        {"first": Event("attributes"), **named("changed_environment"), "then": Event("attributes")},
        FUNCTION,
        {"then": excuse("function-texts-once", "posts")},
    ),
    Scenario("context without variables", "contexts.handler", named("attributes", "types", "text")),
    Scenario(
        "context with empty variables",
        "contexts.handler",
        named("attributes"),
        dict.fromkeys(FUNCTION, ""),
    ),
    Scenario("context.log in JSON", "contexts.handler", named("log"), JSON_LOGS),
    Scenario(
        "context.log framed", "contexts.handler", named("log", "telemetry_variable"), framed=True
    ),
    Scenario(
        "client context",
        "contexts.handler",
        CLIENT_EVENTS,
        PYTHON_3_12,
        dict.fromkeys(["list", "number", "false", "client is a text"], OWN_FRAMES),
    ),
    Scenario(
        "trace context",
        "contexts.handler",
        {name: _client("w3c", json.dumps({"w3c": value})) for name, value in TRACES.items()},
    ),
    Scenario(
        "identity",
        "contexts.handler",
        {
            **{name: _identity(json.dumps(value)) for name, value in IDENTITIES.items()},
            **{name: _identity(text) for name, text in BROKEN.items()},
            "header empty": _identity(""),
        },
        PYTHON_3_12,
        {"list": OWN_FRAMES},
    ),
    Scenario(
        "deadline",
        "contexts.handler",
        {"past": _deadline("1000"), "absent": _deadline(None)},
    ),
    Scenario(
        "deadline zero",
        "contexts.handler",
        {"zero": _deadline("0")},
        differs={"zero": excuse("lenient-headers", "exit code", "posts", "headers", "stderr")},
    ),
    Scenario(
        "no content type",
        "app.handler",
        {"absent": Event({"a": 1}, {"Content-Type": None})},
        differs={"absent": excuse("lenient-headers", "exit code", "posts", "headers")},
    ),
    Scenario(
        "content type empty",
        "raw.handler",
        {"empty": Event({"a": 1}, {"Content-Type": ""})},
        differs={"empty": excuse("lenient-headers", "exit code", "posts", "headers")},
    ),
    Scenario(
        "trace id",
        "contexts.handler",
        {
            "absent": _trace(None),
            "given": _trace("Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a95;Sampled=1"),
            "other": _trace("Root=1-a"),
            "absent again": _trace(None),
            "empty": _trace(""),
        },
        {"_X_AMZN_TRACE_ID": "from the start"},
    ),
]
