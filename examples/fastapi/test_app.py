from __future__ import annotations

import json

import app
import pytest

from lambda_ric.testing import events


@pytest.mark.parametrize("request_by", [events.http_api, events.function_url, events.rest_api])
def test_every_front_end_reaches_the_route(lambda_invoke, request_by):
    result = lambda_invoke(app.handler, request_by("GET", "/greetings/Ada", query="loud=true"))
    assert result.payload["statusCode"] == 200
    assert json.loads(result.payload["body"]) == {"greeting": "HELLO, ADA!"}


def test_an_unknown_route_is_a_404(lambda_invoke):
    assert lambda_invoke(app.handler, events.alb("GET", "/")).payload["statusCode"] == 404
