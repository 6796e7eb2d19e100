"""What a request to subscribe may say, and what is said of one that may not."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.emulator.runtime_api.telemetry.apis import LOGS, TELEMETRY, Api, InvalidRequest
from lambda_ric.emulator.runtime_api.telemetry.requests import (
    Buffering,
    HttpAddress,
    TcpAddress,
    read_request,
)

HTTP = {"protocol": "HTTP", "URI": "http://sandbox.localdomain:8080"}
USUAL: dict[str, Any] = {
    "schemaVersion": "2022-12-13",
    "types": ["platform", "function"],
    "destination": HTTP,
}


def refusal(api: Api, request: object) -> str:
    with pytest.raises(InvalidRequest) as raised:
        read_request(api, json.dumps(request).encode())
    return str(raised.value)


def test_what_is_not_given_has_the_documented_value() -> None:
    subscription = read_request(TELEMETRY, json.dumps(USUAL).encode())
    assert subscription.buffering == Buffering(max_items=10_000, max_bytes=262_144, timeout=1.0)
    assert subscription.types == ("platform", "function")
    assert subscription.address == HttpAddress("sandbox.localdomain:8080", 8080, "/")
    without_schema = {"types": ["function"], "destination": {"protocol": "TCP", "port": 4_000}}
    subscription = read_request(LOGS, json.dumps(without_schema).encode())
    assert (subscription.schema, subscription.address) == ("2020-08-15", TcpAddress(4_000))


def test_what_is_given_counts() -> None:
    request = USUAL | {
        "buffering": {"maxItems": 1_000, "maxBytes": 1_048_576, "timeoutMs": 25},
        "destination": {
            "protocol": "HTTP",
            "URI": "http://sandbox:81/path?a=b",
            "method": "POST",
            "encoding": "JSON",
        },
    }
    subscription = read_request(TELEMETRY, json.dumps(request).encode())
    assert subscription.buffering == Buffering(1_000, 1_048_576, 0.025)
    assert subscription.address == HttpAddress("sandbox:81", 81, "/path?a=b")


def test_all_that_is_wrong_is_said_at_once_in_the_documented_words() -> None:
    destination = {"protocol": "HTTP", "URI": "http://sandbox.localdomain"}
    request = USUAL | {"types": [], "destination": destination}
    assert refusal(TELEMETRY, request) == ("URI port is not provided; types should not be empty")


def to(uri: object) -> dict[str, Any]:
    return {"destination": {"protocol": "HTTP", "URI": uri}}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"schemaVersion": None}, "schemaVersion is not provided"),
        ({"schemaVersion": "2021-03-18"}, "schemaVersion should be one of 2022-07-01, "),
        ({"schemaVersion": []}, "schemaVersion is not provided"),
        ({"types": "platform"}, "types should not be empty"),
        ({"types": ["everything"]}, "types should be of platform, function, extension"),
        ({"types": [["platform"]]}, "types should be of platform, function, extension"),
        ({"types": ["platform", "platform"]}, "types should be unique"),
        ({"buffering": []}, "buffering should be an object"),
        ({"buffering": {"maxItems": 999}}, "maxItems should be between 1000 and 10000"),
        ({"buffering": {"maxItems": True}}, "maxItems should be between 1000 and 10000"),
        ({"buffering": {"maxBytes": 1e6}}, "maxBytes should be between 262144 and 1048576"),
        ({"buffering": {"maxBytes": None}}, "maxBytes should be between 262144 and 1048576"),
        ({"buffering": {"timeoutMs": 30_001}}, "timeoutMs should be between 25 and 30000"),
        ({"destination": None}, "destination is not provided"),
        ({"destination": {}}, "protocol should be HTTP or TCP"),
        ({"destination": {"protocol": "UDP"}}, "protocol should be HTTP or TCP"),
        ({"destination": {"protocol": "TCP"}}, "port is not provided"),
        ({"destination": {"protocol": "TCP", "port": 0}}, "port should be between 1 and 65535"),
        ({"destination": {"protocol": "TCP", "port": "1"}}, "port should be between 1 and 65535"),
        ({"destination": {"protocol": "TCP", "port": 9001}}, "port 9001 is reserved"),
        (to(None), "URI is not provided"),
        (to("https://sandbox.localdomain:1"), "Only 'http' scheme is supported."),
        (to("http://localhost:1"), "Only 'sandbox.localdomain' hostname is supported."),
        (to("http://169.254.169.254:80"), "Only 'sandbox.localdomain' hostname is supported."),
        (to("http://sandbox.localdomain@evil:1"), "Only 'sandbox.localdomain' hostname is"),
        (to("http://a@sandbox.localdomain:1"), "URI is not valid"),
        (to("http://sandbox.localdomain:1/#a"), "URI is not valid"),
        (to("http://sandbox.localdomain:1/a b"), "URI is not valid"),
        (to("http://sandbox.localdomain:99999"), "URI is not valid: Port out of range"),
        (to("http://sandbox.localdomain:0"), "port should be between 1 and 65535"),
        (to("http://sandbox.localdomain:9001"), "port 9001 is reserved"),
        (to("http://[sandbox"), "URI is not valid"),
    ],
)
def test_what_lambda_does_not_take_is_refused(change: dict[str, Any], problem: str) -> None:
    assert refusal(TELEMETRY, USUAL | change).startswith(problem)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 60_000])
def test_what_is_not_a_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequest):
        read_request(TELEMETRY, body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
FIELDS = st.dictionaries(
    st.sampled_from(["schemaVersion", "types", "buffering", "destination"]), JSON
)


@given(FIELDS, st.sampled_from([TELEMETRY, LOGS]))
def test_any_json_is_taken_or_refused(change: dict[str, Any], api: Api) -> None:
    request = USUAL | {"schemaVersion": api.schemas[-1]} | change
    with suppress(InvalidRequest):
        assert read_request(api, json.dumps(request).encode()).types
