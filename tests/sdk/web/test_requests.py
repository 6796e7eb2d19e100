"""What the events of each front door are read as, also where mangum reads them differently."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambda_ric.sdk.web import front_door
from lambda_ric.sdk.web.request import HttpRequest
from lambda_ric.testing import events
from tests.sdk.web.front_doors import FRONT_DOORS, Send, alb, alb_multi, function_url, http_api

each_front_door = pytest.mark.parametrize("send", FRONT_DOORS, ids=lambda send: send.__name__)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)


def read(event: Any, base_path: str = "") -> HttpRequest:
    request = front_door.read(event, base_path)
    assert request is not None
    return request


@each_front_door
@given(
    segments=st.lists(TEXT.filter(bool), max_size=3),
    query=st.dictionaries(TEXT.filter(bool), TEXT, max_size=3),
    body=st.one_of(st.none(), TEXT, st.binary(max_size=20)),
)
def test_reading_an_event_is_the_inverse_of_building_it(
    send: Send, segments: list[str], query: dict[str, str], body: str | bytes | None
) -> None:
    path = "/" + "/".join(quote(segment, safe="") for segment in segments)
    request = read(send("POST", path, query=urlencode(query), body=body))
    sent = body.encode() if isinstance(body, str) else body or b""
    assert (request.method, request.body) == ("POST", sent)
    assert request.path.removeprefix(request.root_path) == "/" + "/".join(segments)
    assert dict(parse_qsl(request.query, keep_blank_values=True)) == query
    assert dict(request.fields).get("content-length") == (str(len(sent)) if sent else None)


@pytest.mark.parametrize(
    "event",
    [
        {},
        [],
        None,
        "text",
        {"requestContext": None},
        {"requestContext": {"connectionId": "a", "routeKey": "$connect"}},
        events.sqs("hello"),
        events.websocket_connect(),
    ],
)
def test_other_events_are_no_requests(event: object) -> None:
    assert front_door.read(event) is None


def test_an_event_may_lack_all_that_can_be_missing() -> None:
    bare = {"requestContext": {"http": {"method": "get"}}}
    request = read(bare)
    assert (request.method, request.path, request.query, request.body) == ("GET", "/", "", b"")
    assert (request.client, request.server, request.scheme) == (None, None, "https")
    nothing = {"headers": None, "multiValueHeaders": None, "queryStringParameters": None}
    assert read({"httpMethod": "GET", "requestContext": {}, **nothing}).fields == []


def test_a_path_that_an_http_api_has_decoded_is_not_decoded_again() -> None:
    assert read(events.http_api("GET", "/100%25")).path == "/100%25"
    assert read(events.function_url("GET", "/100%25")).path == "/100%"


def test_a_path_stays_as_it_was_sent_beside_the_decoded_one() -> None:
    request = read(events.function_url("GET", "/a%2Fb/pa2%Fth"))
    assert (request.path, request.raw_path) == ("/a/b/pa2%Fth", "/a%2Fb/pa2%Fth")


def test_the_stage_of_a_rest_api_is_the_root_path() -> None:
    request = read(events.rest_api("GET", "/a%20b", stage="prod"))
    assert (request.path, request.root_path) == ("/prod/a b", "/prod")
    assert request.raw_path == "/prod/a%20b"


@pytest.mark.parametrize("whole", ["/prod", "/prod/"])
def test_the_root_of_a_stage_is_a_slash_behind_it(whole: str) -> None:
    event = events.rest_api("GET", "/", stage="prod")
    event["requestContext"]["path"] = whole
    assert read(event).path == "/prod/"


def test_behind_a_domain_of_its_own_an_api_has_no_stage() -> None:
    event = events.rest_api("GET", "/a", stage="prod")
    event["requestContext"]["path"] = "/a"
    assert (read(event).path, read(event).root_path) == ("/a", "")
    assert read(events.http_api("GET", "/a", stage="prod")).root_path == ""


@pytest.mark.parametrize(("path", "root"), [("/prod/a", "/prod"), ("/prod", "/prod"), ("/pro", "")])
def test_the_stage_of_an_http_api_is_the_root_path_where_the_path_has_it(
    path: str, root: str
) -> None:
    assert read(events.http_api("GET", path, stage="prod")).root_path == root


@each_front_door
def test_a_base_path_is_the_root_path_where_the_path_has_it(send: Send) -> None:
    request = read(send("GET", "/shop/a"), "/shop")
    assert (request.path, request.root_path) == ("/shop/a", "/shop")
    assert read(send("GET", "/shopping"), "/shop").root_path == ""


def test_a_base_path_of_a_slash_alone_leaves_the_stage_out() -> None:
    request = read(events.rest_api("GET", "/a", stage="prod"), "/")
    assert (request.path, request.root_path) == ("/a", "")


def test_repeated_header_fields_stay_apart_and_cookies_are_one() -> None:
    event = events.rest_api()
    event["multiValueHeaders"] = {"X-Tag": ["a", "b"], "Cookie": ["a=1", "b=2"]}
    assert read(event).fields == [("x-tag", "a"), ("x-tag", "b"), ("cookie", "a=1; b=2")]


def test_the_client_of_a_load_balancer_is_whom_it_saw() -> None:
    forged = {"x-forwarded-for": "127.0.0.1, 203.0.113.7"}
    assert read(alb("GET", "/", headers=forged)).client == ("203.0.113.7", 0)


@pytest.mark.parametrize("send", [alb, alb_multi])
def test_the_query_of_a_load_balancer_is_left_as_it_was_sent(send: Send) -> None:
    assert read(send("GET", "/", query="a=%20+%2B&b")).query == "a=%20+%2B&b="


@pytest.mark.parametrize(
    ("host", "server"),
    [
        ("example.com", ("example.com", 443)),
        ("localhost:3000", ("localhost", 3000)),
        ("[::1]:3000", ("::1", 3000)),
        ("[::1]", ("::1", 443)),
    ],
)
def test_the_server_is_whom_the_client_asked(host: str, server: tuple[str, int]) -> None:
    assert read(function_url("GET", "/", headers={"host": host})).server == server


def test_what_is_no_base64_is_an_error_that_says_so() -> None:
    with pytest.raises(ValueError, match="the body of the event is not base64"):
        read({**http_api("POST", "/"), "body": "a", "isBase64Encoded": True})


def test_half_a_surrogate_pair_fails_nowhere() -> None:
    event = events.function_url("POST", "/", headers={"x-half": "\ud800"})
    assert read({**event, "body": "\ud800"}).body == b"\xed\xa0\x80"
