"""The examples' own Dockerfiles, run as their READMEs say."""

from __future__ import annotations

import json

from tests.images.container import container
from tests.images.workshop import ROOT, Shelf, build, run

EXAMPLES = ROOT / "examples"


def test_the_fastapi_example_answers_a_function_url_event(shelf: Shelf):
    fetch(shelf, "fastapi", "mangum")
    folder = EXAMPLES / "fastapi"
    image = build("localhost/lambda-ric/fastapi", folder / "Dockerfile", folder, *shelf.mounts)
    event = json.loads((folder / "event.json").read_text())
    with container(image) as running:
        answer = running.invoke(event)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"greeting": "HELLO, ADA!"}


def fetch(shelf: Shelf, *packages: str) -> None:
    """Put packages of the index on the shelf, for the Python of the images."""
    only = ("--python-version", "3.13", "--only-binary", ":all:")
    run(["python3", "-m", "pip", "download", "-q", *only, "-d", shelf.wheels, *packages], 300)
