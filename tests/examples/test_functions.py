"""The functions of the examples, invoked by the commands of their READMEs, without containers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.command import run_command
from tests.support.paths import EXAMPLES

pytestmark = pytest.mark.slow


def invoked(folder: str, event: str, handler: str = "app.handler") -> Any:
    """Invoke an example's function once, in a local Lambda of its own."""
    done = run_command(handler, "--event", event, cwd=EXAMPLES / folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("folder", ["hello", "docker-compose/function"])
def test_the_greeting_uses_the_name_in_the_event(folder: str) -> None:
    assert invoked(folder, '{"name": "Ada"}') == {"greeting": "Hello, Ada!"}
    assert invoked(folder, "{}") == {"greeting": "Hello, world!"}


def test_the_sam_example_names_its_function() -> None:
    assert invoked("sam-image/greeter", '{"name": "Ada"}')["greeting"] == "Hello, Ada!"


def test_the_fastapi_example_answers_a_function_url_event() -> None:
    answer = invoked("fastapi", "event.json", "app:app")
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"greeting": "HELLO, ADA!"}
