from __future__ import annotations

import json

import app
import pytest

from lambda_ric import wsgi
from lambda_ric.testing import events

handler = wsgi(app.app)
FORM = (
    b"--edge\r\nContent-Disposition: form-data; name=photo; filename=a.png\r\n\r\n"
    b"\x89PNG\r\n--edge--\r\n"
)


@pytest.mark.parametrize(
    "request_by", [events.http_api, events.function_url, events.rest_api, events.alb]
)
def test_every_front_end_reaches_the_route(lambda_invoke, request_by):
    result = lambda_invoke(handler, request_by("GET", "/greetings/Ada", query="loud="))
    assert result.payload["statusCode"] == 200
    assert json.loads(result.payload["body"]) == {"greeting": "HELLO, ADA!"}


def test_a_file_is_uploaded(lambda_invoke):
    headers = {"content-type": "multipart/form-data; boundary=edge"}
    event = events.function_url("POST", "/upload", FORM, headers=headers)
    assert json.loads(lambda_invoke(handler, event).payload["body"]) == {"photo": 4}


def test_the_report_is_streamed(lambda_invoke):
    streaming = wsgi(app.app, stream=True)
    result = lambda_invoke(streaming, events.function_url("GET", "/report.csv"))
    assert result.prelude["headers"]["content-type"] == "text/csv; charset=utf-8"
    assert result.chunks == [b"0,0\n", b"1,1\n", b"2,4\n"]
