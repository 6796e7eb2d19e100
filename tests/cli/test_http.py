"""The HTTP front door of the command line."""

from __future__ import annotations

import re

import pytest

from lambda_ric.cli.http_options import is_application
from tests.support import web
from tests.support.command import run_here, running_command
from tests.support.paths import EMULATED_HANDLERS

FUNCTIONS = ("--function", "a=front.mirror", "--function", "b=front.fail")


def test_the_banner_has_the_link() -> None:
    options = ("front.mirror", "--port", "0", "--http", "0")
    with running_command(*options, cwd=EMULATED_HANDLERS) as command:
        link = command.wait_for(r"open (http://localhost:\d+/)\n")[1]
        assert web.get(f"{link}books").json()["rawPath"] == "/books"
        command.wait_for(r"GET /books 200 [\d.]+ ms [0-9a-f-]{36}\n")


def test_several_functions_have_a_link_each() -> None:
    with running_command(
        *FUNCTIONS, "--port", "0", "--http", "0", cwd=EMULATED_HANDLERS
    ) as command:
        command.wait_for(r"open http://a\.localhost:\d+/\n +open http://b\.localhost:\d+/\n")


def test_routes_lead_to_functions() -> None:
    options = ("--port", "0", "--http", "0", "--http-as", "rest-api", "--route", "GET /x/{id}=a")
    with running_command(*FUNCTIONS, *options, cwd=EMULATED_HANDLERS) as command:
        link = command.wait_for(r"open (http://localhost:\d+/prod/)\n")[1]
        assert web.get(f"{link}x/1").status_code == 502  # the event is no answer
        assert web.get(f"{link}y").status_code == 403


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--route", "GET /a=missing", "--http-as", "http-api"), "'missing', which is not served"),
        (("--route", "FETCH /a"), "'FETCH' is not a method"),
        (("--route", "GET /a"), "function-url has no routes"),
        (("--http-as", "alb", "--invoke-mode", "RESPONSE_STREAM"), "alb does not stream"),
        (("--http", "--event", "{}"), "--http is for serving"),
        (("--http", "x"), "'x' is not a port"),
    ],
)
def test_what_does_not_go_together_is_refused(options: tuple[str, ...], reason: str) -> None:
    done = run_here("front.mirror", *options, cwd=EMULATED_HANDLERS)
    assert done.returncode == 2
    assert reason in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("handler", "opens"),
    [("main:app", True), ("app.handler", False), ("example.Handler::handle", False)],
)
def test_only_web_applications_have_a_front_door_unasked(handler: str, opens: bool) -> None:
    assert is_application(handler) is opens


def test_a_taken_port_is_named() -> None:
    options = ("front.mirror", "--port", "0", "--http")
    with running_command(*options, "0", cwd=EMULATED_HANDLERS) as command:
        port = re.sub(r"\D", "", command.wait_for(r"open http://localhost:(\d+)/\n")[1])
        done = run_here(*options, port, cwd=EMULATED_HANDLERS)
        assert done.returncode == 2
        assert "try --http 0" in done.stderr
