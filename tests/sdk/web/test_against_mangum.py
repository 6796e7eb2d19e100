"""The same requests through `asgi` and through mangum, by every front door: the same answers.

In what the two differ on purpose stands in docs/web-applications.md, each with a test in this
folder.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from mangum import Mangum

from lambda_ric import asgi
from lambda_ric.testing import fake_context, invoke
from tests.sdk.web import mirror
from tests.sdk.web.front_doors import FRONT_DOORS, Seen, Send

HTTP = {"x-forwarded-proto": "http", "x-forwarded-port": "80"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
REQUESTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "root": ("GET", "/", {}),
    "path": ("GET", "/a/b/c", {}),
    "trailing slash": ("GET", "/a/", {}),
    "double slash": ("GET", "/a//b", {}),
    "dots": ("GET", "/a/../b/./c", {}),
    "encoded space": ("GET", "/a%20b", {}),
    "encoded umlaut": ("GET", "/gr%C3%B6%C3%9Fe", {}),
    "encoded emoji": ("GET", "/%F0%9F%98%80", {}),
    "encoded slash": ("GET", "/a%2Fb", {}),
    "plus in path": ("GET", "/a+b", {}),
    "reserved in path": ("GET", "/a:b@c;d=e,f!g", {}),
    "query": ("GET", "/q", {"query": "a=1&b=2"}),
    "query repeated": ("GET", "/q", {"query": "a=1&a=2"}),
    "query blank": ("GET", "/q", {"query": "a=&b="}),
    "query encoded": ("GET", "/q", {"query": "q=a%20b%26c"}),
    "query plus": ("GET", "/q", {"query": "q=a+b"}),
    "query unicode": ("GET", "/q", {"query": "q=%C3%B6"}),
    "query with equals": ("GET", "/q", {"query": "q=a%3Db"}),
    "query brackets": ("GET", "/q", {"query": "a%5B%5D=1&a%5B%5D=2"}),
    "header": ("GET", "/h", {"headers": {"X-Custom": "Value"}}),
    "header unicode": ("GET", "/h", {"headers": {"x-name": "Zoë"}}),
    "header empty": ("GET", "/h", {"headers": {"x-empty": ""}}),
    "authorization": ("GET", "/h", {"headers": {"authorization": "Bearer a.b.c"}}),
    "accept": ("GET", "/h", {"headers": {"accept": "text/html, */*;q=0.8"}}),
    "one cookie": ("GET", "/c", {"cookies": ["a=1"]}),
    "two cookies": ("GET", "/c", {"cookies": ["a=1", "b=x%20y"]}),
    "over http": (
        "GET",
        "/s",
        {"headers": {"x-forwarded-proto": "http", "x-forwarded-port": "80"}},
    ),
    "post text": ("POST", "/p", {"body": "hello"}),
    "post json": ("POST", "/p", {"body": {"a": [1, None, "ö"]}}),
    "post bytes": ("POST", "/p", {"body": bytes(range(256))}),
    "post form": ("POST", "/p", {"body": "a=1&b=%20", "headers": FORM}),
    "post nothing": ("POST", "/p", {}),
    "post unicode": ("POST", "/p", {"body": "größe ☃ 😀"}),
    "put": ("PUT", "/p", {"body": "x"}),
    "patch": ("PATCH", "/p", {"body": "x"}),
    "delete": ("DELETE", "/p/1", {}),
    "options": ("OPTIONS", "/p", {"headers": {"origin": "https://a.example"}}),
    **{f"answer {name}": ("GET", f"/answers/{name}", {}) for name in mirror.ANSWERS},
}

handler = asgi(mirror.app, lifespan="off")


def test_the_table_is_long_enough() -> None:
    assert len(REQUESTS) >= 60


@pytest.mark.parametrize("send", FRONT_DOORS, ids=lambda send: send.__name__)
@pytest.mark.parametrize("name", REQUESTS)
def test_the_answer_is_the_one_that_mangum_gives(name: str, send: Send) -> None:
    method, path, more = REQUESTS[name]
    event = json.loads(json.dumps(send(method, path, **more)))
    ours = Seen(invoke(handler, event).payload)
    theirs = Seen(Mangum(mirror.app, lifespan="off")(event, fake_context()))  # type: ignore[arg-type]
    assert ours == theirs
