"""The web applications of the examples, and other frameworks, through every HTTP front door."""

from __future__ import annotations

import pytest

from lambda_ric.emulator.gateway.settings import FrontDoorKind
from lambda_ric.testing import Emulator
from tests.conftest import Require
from tests.support import web
from tests.support.frameworks import APPLICATIONS, require_frameworks
from tests.support.paths import EXAMPLES, HANDLERS

pytestmark = pytest.mark.slow

each_kind = pytest.mark.parametrize("kind", [kind.value for kind in FrontDoorKind])


@each_kind
@pytest.mark.parametrize("folder", ["fastapi", "flask"])
def test_an_application_answers_at_each_front_door(folder: str, kind: str) -> None:
    env = {"LAMBDA_RIC_STREAM": "0"}
    with Emulator("app:app", cwd=EXAMPLES / folder, env=env, http=kind) as emulator:
        response = web.get(f"{emulator.http_url}greetings/Ada?loud=true")
        assert (response.status_code, response.json()) == (200, {"greeting": "HELLO, ADA!"})
        assert web.get(f"{emulator.http_url}nowhere").status_code == 404


@pytest.mark.dev
@each_kind
@pytest.mark.parametrize("framework", ["starlette", "django_asgi", "django_wsgi"])
def test_a_framework_answers_at_each_front_door(
    framework: str, kind: str, require: Require
) -> None:
    require_frameworks(require)
    with Emulator(APPLICATIONS[framework], cwd=HANDLERS, http=kind) as emulator:
        url = f"{emulator.http_url}api"
        greeting = web.get(f"{url}/greet/Zo%C3%AB%20B?tag=a%26b", timeout=30)
        assert (greeting.status_code, greeting.json()) == (200, {"name": "Zoë B", "tag": "a&b"})
        assert web.post(f"{url}/echo", content=bytes(range(256))).content == bytes(range(256))
        assert web.get(f"{url}/cookies", headers={"cookie": "x=1"}).json() == {"x": "1"}
        assert web.get(f"{url}/pieces").content == b"one two three"
        assert web.get(f"{url}/nowhere").status_code == 404
        assert web.get(f"{url}/fail").status_code == 500


def test_the_links_of_a_rest_api_lead_back_to_it() -> None:
    with Emulator("app:app", cwd=EXAMPLES / "fastapi", http="rest-api") as emulator:
        page = web.get(f"{emulator.http_url}docs").text
        assert "/prod/openapi.json" in page
        assert web.get(f"{emulator.http_url}openapi.json").status_code == 200
