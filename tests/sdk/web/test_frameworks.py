"""Starlette, FastAPI, Flask and Django through every front door, whole and streamed."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from typing import Any

import pytest

from lambda_ric.ondemand.web_application import kind_of, load
from lambda_ric.sdk.web.asgi import asgi
from lambda_ric.sdk.web.wsgi import wsgi
from lambda_ric.testing import events, invoke
from tests.conftest import Require
from tests.sdk.web.front_doors import FRONT_DOORS, Seen, Send
from tests.support.frameworks import APPLICATIONS, require_frameworks
from tests.support.paths import HANDLERS

WITH_A_LIFESPAN = ["starlette", "fastapi"]
FILE = (
    b"--edge\r\nContent-Disposition: form-data; name=file; filename=a.bin\r\n\r\n"
    b"\x89PNG\r\n--edge--\r\n"
)
UPLOAD = {"content-type": "multipart/form-data; boundary=edge"}

pytestmark = pytest.mark.dev
each_front_door = pytest.mark.parametrize("send", FRONT_DOORS, ids=lambda send: send.__name__)

Call = Callable[..., Seen]


@pytest.fixture(scope="module", params=APPLICATIONS)
def framework(request: pytest.FixtureRequest, require: Require) -> str:
    """A framework, once the applications are loaded; Django can be set up only once."""
    require_frameworks(require)
    if str(HANDLERS) not in sys.path:
        sys.path.append(str(HANDLERS))
    return str(request.param)


def application(framework: str) -> Any:
    module, _, name = APPLICATIONS[framework].partition(":")
    return getattr(importlib.import_module(module), name)


@pytest.fixture(scope="module")
def handler(framework: str) -> Any:
    return load(APPLICATIONS[framework])


@pytest.fixture
def call(handler: Any, send: Send) -> Call:
    def call(method: str, path: str, **more: Any) -> Seen:
        result = invoke(handler, send(method, f"/api{path}", **more))
        assert result.error is None
        return Seen(result.payload)

    return call


def test_its_kind_is_known(framework: str) -> None:
    kinds = {"flask": "WSGI", "django_wsgi": "WSGI"}
    assert kind_of(application(framework)) == kinds.get(framework, "ASGI")


@each_front_door
def test_it_finds_the_route_and_the_query(call: Call) -> None:
    seen = call("GET", "/greet/Zo%C3%AB%20B", query="tag=a%26b")
    assert (seen.status, seen.headers["content-type"]) == (200, "application/json")
    assert json.loads(seen.body) == {"name": "Zoë B", "tag": "a&b"}


@each_front_door
@pytest.mark.parametrize("body", ["", "text ☃", bytes(range(256)), "x" * 200_000])
def test_it_reads_the_body(call: Call, body: str | bytes) -> None:
    sent = body if isinstance(body, bytes) else body.encode()
    assert call("POST", "/echo", body=body).body == sent


@each_front_door
def test_cookies_go_both_ways(call: Call) -> None:
    seen = call("GET", "/cookies", cookies=["x=1", "y=2"])
    assert json.loads(seen.body) == {"x": "1", "y": "2"}
    assert [cookie[:3] for cookie in seen.cookies] == ["a=1", "b=2"]


@each_front_door
def test_it_takes_a_file(call: Call) -> None:
    assert json.loads(call("POST", "/upload", body=FILE, headers=UPLOAD).body) == {"size": 4}


@each_front_door
def test_the_links_that_it_makes_lead_back_to_it(call: Call, send: Send) -> None:
    seen = call("GET", "/link", headers={"host": "example.com"})
    stage = "/prod" if send.__name__ == "rest_api" else ""
    assert seen.body.decode() == f"https://example.com{stage}/api/greet/Ada"


@each_front_door
def test_a_failure_is_its_own_500(call: Call) -> None:
    assert call("GET", "/fail").status == 500


@each_front_door
def test_an_unknown_route_is_its_own_404(call: Call) -> None:
    assert call("GET", "/nowhere").status == 404


@each_front_door
def test_pieces_arrive_as_one_where_nothing_is_streamed(call: Call) -> None:
    assert call("GET", "/pieces").body == b"one two three"


def test_pieces_are_streamed(framework: str) -> None:
    app = application(framework)
    handler = asgi(app, stream=True) if kind_of(app) == "ASGI" else wsgi(app, stream=True)
    result = invoke(handler, events.function_url("GET", "/api/pieces"))
    assert result.chunks == [b"one ", b"two ", b"three"]


@pytest.mark.parametrize("framework", WITH_A_LIFESPAN, indirect=True)
def test_the_state_of_the_lifespan_is_shared_and_copied(framework: str) -> None:
    handler = asgi(application(framework))
    answers = [
        json.loads(invoke(handler, events.function_url("GET", "/api/count")).payload["body"])
        for _ in range(3)
    ]
    assert answers == [{"seen": number, "own": 1} for number in (1, 2, 3)]
