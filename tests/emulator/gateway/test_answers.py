"""Results and their responses, as recorded from the real service."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lambda_ric.emulator.gateway.answers import InvalidAnswer, NotJson
from lambda_ric.emulator.gateway.front_door import FrontDoor
from lambda_ric.emulator.gateway.function_url import FunctionUrl
from lambda_ric.emulator.gateway.http_api import HttpApi, HttpApi1
from lambda_ric.emulator.gateway.load_balancer import LoadBalancer, MultiValueLoadBalancer
from lambda_ric.emulator.gateway.rest_api import RestApi

Door = type[FrontDoor]
ALL = (FunctionUrl, HttpApi, HttpApi1, RestApi, LoadBalancer, MultiValueLoadBalancer)
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


def answer(kind: Door, result: Any) -> tuple[int, list[tuple[str, str]], bytes]:
    return tuple(kind("us-east-1", "prod").answer(json.dumps(result).encode()))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("kind", "result", "body"),
    [
        (FunctionUrl, "hello", b"hello"),
        (FunctionUrl, ["hello", 3, True], b'["hello",3,true]'),
        (FunctionUrl, {"a": "ö"}, '{"a":"ö"}'.encode()),
        (FunctionUrl, None, b"null"),
        (HttpApi, "hello", b"hello"),
        (HttpApi, "", b""),
        (HttpApi, 42, b"42"),
        (HttpApi, {"key": "value"}, b'{"key":"value"}'),
    ],
)
def test_a_result_without_a_status_code_is_a_body(kind: Door, result: Any, body: bytes) -> None:
    assert answer(kind, result) == (200, [("Content-Type", JSON)], body)


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [(FunctionUrl, JSON), (HttpApi, TEXT), (HttpApi1, TEXT), (RestApi, JSON)],
)
def test_each_front_door_has_its_default_content_type(kind: Door, content_type: str) -> None:
    result = {"statusCode": 200, "body": "Test body"}
    assert answer(kind, result) == (200, [("Content-Type", content_type)], b"Test body")


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("status", [0, 200.5, None, True, "x", 99, 600])
def test_an_invalid_status_is_refused(kind: Door, status: Any) -> None:
    with pytest.raises(InvalidAnswer, match="statusCode"):
        answer(kind, {"statusCode": status, "body": ""})


def test_a_status_may_be_a_string_of_digits() -> None:
    assert answer(FunctionUrl, {"statusCode": "418"})[0] == 418


@pytest.mark.parametrize("kind", ALL)
def test_a_body_that_is_not_a_string_is_refused(kind: Door) -> None:
    with pytest.raises(InvalidAnswer, match="body"):
        answer(kind, {"statusCode": 200, "body": {"a": 1}})


@pytest.mark.parametrize("kind", ALL)
def test_a_body_in_base64_is_decoded(kind: Door) -> None:
    result = {"statusCode": 200, "body": "AQIDBAU=", "isBase64Encoded": True}
    assert answer(kind, result)[2] == b"\x01\x02\x03\x04\x05"
    with pytest.raises(InvalidAnswer, match="base64"):
        answer(kind, {**result, "body": "%"})


def test_text_that_is_not_json_goes_through_an_http_api_alone() -> None:
    assert HttpApi("us-east-1", "").answer(b"{oops") == (200, [("Content-Type", JSON)], b"{oops")
    for kind in (FunctionUrl, HttpApi1, RestApi, LoadBalancer):
        with pytest.raises(NotJson):
            kind("us-east-1", "prod").answer(b"{oops")


COMBINED = {
    "statusCode": 200,
    "headers": {"Content-Type": JSON, "X-Custom": "single", "Combined": "single"},
    "multiValueHeaders": {"X-Multi": ["1", "2"], "Combined": ["1", "2"]},
}


def test_a_rest_api_sends_lists_of_values_before_single_ones() -> None:
    fields = [value for name, value in answer(RestApi, COMBINED)[1] if name == "Combined"]
    assert fields == ["1", "2", "single"]


def test_an_http_api_sends_single_values_before_lists() -> None:
    fields = [value for name, value in answer(HttpApi1, COMBINED)[1] if name == "Combined"]
    assert fields == ["single", "1", "2"]


def test_a_load_balancer_takes_one_kind_of_headers_alone() -> None:
    single, multi = answer(LoadBalancer, COMBINED)[1], answer(MultiValueLoadBalancer, COMBINED)[1]
    assert ("X-Custom", "single") in single
    assert "X-Multi" not in dict(single)
    assert multi == [("X-Multi", "1"), ("X-Multi", "2"), ("Combined", "1"), ("Combined", "2")]


@pytest.mark.parametrize("kind", [FunctionUrl, HttpApi])
def test_each_cookie_is_a_field(kind: Door) -> None:
    fields = answer(kind, {"statusCode": 200, "cookies": ["a=b; Max-Age=1", "c=d"]})[1]
    assert fields[-2:] == [("Set-Cookie", "a=b; Max-Age=1"), ("Set-Cookie", "c=d")]


def test_a_rest_api_refuses_members_that_it_does_not_know() -> None:
    with pytest.raises(InvalidAnswer, match="statuscode"):
        answer(RestApi, {"statusCode": 200, "statuscode": 200})


@pytest.mark.parametrize("kind", [FunctionUrl, RestApi])
def test_some_fields_go_out_under_another_name(kind: Door) -> None:
    headers = {"Content-Length": "1", "Date": "x", "WWW-Authenticate": "Basic"}
    names = [name for name, _ in answer(kind, {"statusCode": 401, "headers": headers})[1]]
    assert names == ["x-amzn-remapped-date", "x-amzn-remapped-www-authenticate", "Content-Type"]


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        (FunctionUrl, 502, b"Internal Server Error"),
        (HttpApi, 500, b'{"message":"Internal Server Error"}'),
        (HttpApi1, 500, b'{"message":"Internal Server Error"}'),
        (RestApi, 502, b'{"message": "Internal server error"}'),
    ],
)
def test_a_failure_has_the_words_of_its_front_door(kind: Door, status: int, body: bytes) -> None:
    failed = kind("us-east-1", "prod").failed()
    assert (failed.status, failed.body) == (status, body)


def test_a_rest_api_says_less_of_a_result_that_is_not_json() -> None:
    failed = RestApi("us-east-1", "prod").failed(NotJson("no"))
    assert failed == (502, [("Content-Type", JSON)], b'{"message":"Internal server error"}')


def test_numbers_and_truth_values_become_text() -> None:
    fields = answer(FunctionUrl, {"statusCode": 200, "headers": {"a": 1, "b": True}})[1]
    assert fields[:2] == [("a", "1"), ("b", "true")]


def test_a_load_balancer_takes_one_megabyte() -> None:
    with pytest.raises(InvalidAnswer, match="1 MB"):
        answer(LoadBalancer, {"statusCode": 200, "body": "x" * 1_048_576})
