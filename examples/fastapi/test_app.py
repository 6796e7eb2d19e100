from __future__ import annotations

import json

import app
import pytest

from lambda_ric import asgi
from lambda_ric.testing import events

handler = asgi(app.app)


@pytest.mark.parametrize(
    "request_by", [events.http_api, events.function_url, events.rest_api, events.alb]
)
def test_every_front_end_reaches_the_route(lambda_invoke, request_by):
    result = lambda_invoke(handler, request_by("GET", "/greetings/Ada", query="loud=true"))
    assert result.payload["statusCode"] == 200
    assert json.loads(result.payload["body"]) == {"greeting": "HELLO, ADA!"}


def test_an_unknown_route_is_a_404(lambda_invoke):
    assert lambda_invoke(handler, events.alb("GET", "/")).payload["statusCode"] == 404


def test_the_countdown_is_streamed(lambda_emulator):
    emulator = lambda_emulator("app:app", env={"LAMBDA_RIC_STREAM": "1"})
    event = events.function_url("GET", "/countdown", query="seconds=0.01")
    with emulator.stream(event) as chunks:
        body = b"".join(chunks)
    assert body.endswith(b"data: 3\n\ndata: 2\n\ndata: 1\n\n")
