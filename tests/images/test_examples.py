"""The examples' own Dockerfiles, run as their READMEs say; docker compose's service by podman."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.images.container import Container, container
from tests.images.workshop import PYTHON_VERSION, Shelf, build, podman, run
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"
_WITHIN = 60.0


def test_the_fastapi_example_answers_a_function_url_event(shelf: Shelf) -> None:
    fetch(shelf)
    folder = EXAMPLES / "fastapi"
    image = build("localhost/lambda-ric/fastapi", folder / "Dockerfile", folder, *shelf.mounts)
    event = json.loads((folder / "event.json").read_text())
    with container(image, options=("--env=LAMBDA_RIC_STREAM=0",)) as running:
        answer = running.invoke(event)
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"]) == {"greeting": "HELLO, ADA!"}


def test_the_compose_service_gets_healthy_and_serves_what_was_saved(
    shelf: Shelf, tmp_path: Path
) -> None:
    fetch(shelf)
    folder = tmp_path / "docker-compose"
    shutil.copytree(EXAMPLES / "docker-compose", folder)
    service = yaml.safe_load((folder / "compose.yaml").read_text())["services"]["function"]
    source, target, mode = service["volumes"][0].split(":")
    options = [
        *("-v", f"{folder / source}:{target}:{mode}"),
        *(f"--env={name}={value}" for name, value in service["environment"].items()),
    ]
    image = build("localhost/lambda-ric/compose", folder / "Dockerfile", folder, *shelf.mounts)
    # Let uid 993 read what pytest's private folder holds, as a checkout would let it.
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(0o755)
    with container(image, *service["command"], options=tuple(options)) as running:
        check = service["healthcheck"]["test"]
        assert check[0] == "CMD"
        eventually(lambda: is_healthy(running, check[1:]))
        assert running.invoke({"name": "Ada"}) == {"greeting": "Hello, Ada!"}
        code = folder / "function/app.py"
        code.write_text(code.read_text().replace('"Hello"', '"Good morning"'))
        eventually(lambda: running.invoke({"name": "Ada"}) == {"greeting": "Good morning, Ada!"})


def fetch(shelf: Shelf) -> None:
    """Put what the images need of the index on the shelf, for their Python and all at once."""
    if list(shelf.wheels.glob("boto3-*")):
        return
    only = ("--python-version", PYTHON_VERSION, "--only-binary", ":all:", "-d", shelf.wheels)
    packages = ("boto3", "fastapi", "httpx", "watchfiles")
    run(["python3", "-m", "pip", "download", "-q", *only, *packages])


def is_healthy(running: Container, check: list[str]) -> bool:
    try:
        podman("exec", running.name, *check)
    except AssertionError:
        return False
    return True


def eventually(holds: Callable[[], Any]) -> None:
    """Ask again until it holds: neither health nor a reload is announced to the outside."""
    deadline = time.monotonic() + _WITHIN
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)
