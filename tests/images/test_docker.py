"""What Docker and SAM make of the examples, and what the image check makes of theirs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lambda_ric.deploy.archive import open_archive
from lambda_ric.deploy.finding import Level
from lambda_ric.deploy.image_check import check_image
from tests.images.docker_engine import DockerEngine, docker_engine
from tests.images.standins import SLIM
from tests.images.workshop import LIMIT, TOOLS, Shelf, build
from tests.support.paths import ROOT

EXAMPLE = ROOT / "examples/sam-image"


@pytest.fixture(scope="module")
def engine(shelf: Shelf, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DockerEngine]:
    """An engine whose Python image carries our wheel: `docker build` mounts nothing."""
    recipe = shelf.wheels.parent / "Containerfile"
    recipe.write_text(
        f"FROM {SLIM}\nCOPY wheels/lambda_ric-* /wheels/\nCOPY pip.conf /etc/pip.conf\n"
    )
    image = build("localhost/standin/slim-with-wheels", recipe, recipe.parent)
    with docker_engine(tmp_path_factory.mktemp("engine")) as running:
        running.load(image, SLIM)
        yield running


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--provenance=true"], "attestations"),
        (["--provenance=false", "--sbom=false"], None),
    ],
)
@pytest.mark.parametrize("layout", ["oci", "docker save"])
def test_the_image_check_reads_what_buildkit_writes(
    engine: DockerEngine, options: list[str], words: str | None, layout: str
) -> None:
    archive = engine.folder / "image.tar"
    context = engine.folder / "context"
    shutil.copytree(EXAMPLE / "greeter", context, dirs_exist_ok=True)
    command = ["buildx", "build", "-q", "--network=host", "-t", "fn:v1", *options, str(context)]
    if layout == "oci":
        engine.docker(*command, "--output", f"type=oci,dest={archive}")
    else:
        engine.docker(*command, "--load")
        engine.docker("save", "fn:v1", "-o", str(archive))
    with open_archive(archive) as opened:
        report = check_image(opened, architecture="x86_64")
    errors = [it.problem for it in report.findings if it.level is Level.ERROR]
    if words is None:
        assert errors == []
    else:
        (problem,) = errors
        assert words in problem


def test_sam_builds_and_invokes_its_example(engine: DockerEngine, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "app")

    def sam(*arguments: str, event: str = "") -> str:
        done = subprocess.run(
            [TOOLS / "sam", *arguments],
            cwd=tmp_path / "app",
            input=event,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            env={
                **os.environ,
                "DOCKER_HOST": engine.address,
                "SAM_CLI_TELEMETRY": "0",
                "AWS_DEFAULT_REGION": "eu-west-1",
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing",
            },
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    sam("build")
    local = ("local", "invoke", "Greeter", "--skip-pull-image", "--event", "-")
    answer = sam(*local, event='{"name": "Ada"}')
    assert json.loads(answer) == {"greeting": "Hello, Ada!", "function": "Greeter"}
