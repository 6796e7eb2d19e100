"""The web applications of the examples, through every HTTP front door."""

from __future__ import annotations

import httpx
import pytest

from lambda_ric.emulator.gateway.settings import FrontDoorKind
from lambda_ric.testing import Emulator
from tests.support.paths import EXAMPLES

each_kind = pytest.mark.parametrize("kind", [kind.value for kind in FrontDoorKind])


@each_kind
@pytest.mark.parametrize("folder", ["fastapi", "flask"])
def test_an_application_answers_at_each_front_door(folder: str, kind: str) -> None:
    env = {"LAMBDA_RIC_STREAM": "0"}
    with Emulator("app:app", cwd=EXAMPLES / folder, env=env, http=kind) as emulator:
        response = httpx.get(f"{emulator.http_url}greetings/Ada?loud=true")
        assert (response.status_code, response.json()) == (200, {"greeting": "HELLO, ADA!"})
        assert httpx.get(f"{emulator.http_url}nowhere").status_code == 404


def test_the_links_of_a_rest_api_lead_back_to_it() -> None:
    with Emulator("app:app", cwd=EXAMPLES / "fastapi", http="rest-api") as emulator:
        page = httpx.get(f"{emulator.http_url}docs").text
        assert "/prod/openapi.json" in page
        assert httpx.get(f"{emulator.http_url}openapi.json").status_code == 200
