"""Every base image builds from its Dockerfile as it stands, and serves as Lambda would run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lambda_ric.deploy.archive import open_archive
from lambda_ric.deploy.file_rules import check_c_library
from lambda_ric.deploy.filesystem import read_file_tree
from lambda_ric.deploy.image_check import check_image
from lambda_ric.deploy.start_rules import application_folders
from tests.images.container import Container, container
from tests.images.standins import emulator_of_aws
from tests.images.workshop import PYTHON_VERSION, Shelf, build, buildah
from tests.support.paths import ROOT

BASE_IMAGES = sorted(path.parent.name for path in ROOT.glob("base_images/*/Dockerfile"))
WITH_SHELL = [name for name in BASE_IMAGES if name != "distroless"]  # for wrappers that are scripts
PROBE = Path(__file__).with_name("probe")

PYTHONS = {
    "ric-and-rie": "/var/lang/bin/python",
    "rie-only": f"/usr/bin/python{PYTHON_VERSION}",
    "distroless": f"/usr/bin/python{PYTHON_VERSION}",
}
"""Where Python is, if not in /usr/local/bin."""

ADDED_AT_MOST = 3_700_000
"""Bytes that the runtime, its bytecode and a small function may add to a base."""

ON_AMAZON_LINUX = ("ric-and-rie", "rie-only")
AMAZON_LINUX_C_LIBRARY = (2, 34)  # the stand-ins have Debian's, which is newer


@pytest.fixture(scope="module", params=BASE_IMAGES)
def base(request: pytest.FixtureRequest, shelf: Shelf) -> str:
    """The name of a base image that was built around the probe."""
    name: str = request.param
    build(image_of(name), ROOT / "base_images" / name / "Dockerfile", PROBE, *shelf.mounts)
    return name


def image_of(base: str) -> str:
    return f"localhost/lambda-ric/{base}"


def runtime_of(base: str) -> list[str]:
    return [PYTHONS.get(base, "/usr/local/bin/python"), "-m", "lambda_ric"]


def check_serves_as_in_lambda(running: Container) -> None:
    first = running.invoke({"text": "Grüße"})
    second = running.invoke(None)
    assert first.pop("request_id") != second["request_id"]
    assert first == {
        "event": {"text": "Grüße"},
        "python": PYTHON_VERSION,
        "user": [993, 990],
        "writable": ["/tmp"],
        "modules": ["lambda_ric"],
    }


def test_it_serves_through_the_embedded_emulator(base: str) -> None:
    program, *words = [*runtime_of(base), "app.handler"]
    with container(image_of(base), *words, options=("--entrypoint", program)) as running:
        check_serves_as_in_lambda(running)
        assert running.stop() == 0


def test_it_serves_through_awss_emulator(base: str) -> None:
    emulator = "/aws-lambda/aws-lambda-rie"
    mounted = ("-v", f"{emulator_of_aws()}:{emulator}:ro", "--entrypoint", emulator)
    with container(image_of(base), *runtime_of(base), "app.handler", options=mounted) as running:
        check_serves_as_in_lambda(running)


def test_it_serves_just_as_documented(base: str) -> None:
    with container(image_of(base)) as running:
        check_serves_as_in_lambda(running)


@pytest.mark.parametrize("base", WITH_SHELL, indirect=True)
def test_an_exec_wrapper_chooses_the_handler(base: str) -> None:
    options = ("-e", "AWS_LAMBDA_EXEC_WRAPPER=./wrapper")
    with container(image_of(base), options=options) as running:
        assert running.invoke({}) == {"wrapped": "app.handler", "variable": "set"}


def test_the_image_check_finds_nothing_that_lambda_would_refuse(base: str, tmp_path: Path) -> None:
    archive = tmp_path / "image.tar"
    buildah("push", "-q", image_of(base), f"docker-archive:{archive}:{base}:v1")
    with open_archive(archive) as opened:
        report = check_image(opened, architecture="x86_64")
        added = read_file_tree(opened, report.image.layers[-1:]).unpacked_size
    # AWS excludes links as entry points, and names one in an example of its own.
    problems = [it.problem for it in report.findings if "symbolic link" not in it.problem]
    assert problems == []
    if base != "rie-only":  # which adds a Python, too
        assert added < ADDED_AT_MOST
    if base in ON_AMAZON_LINUX:
        folders = application_folders(report.image, report.tree)
        assert list(check_c_library(report.tree, folders, AMAZON_LINUX_C_LIBRARY)) == []


def test_snapstart_is_allowed_where_aws_does_not_know_the_image(base: str) -> None:
    label = "com.amazonaws.lambda.feature.snapstart"
    labels = json.loads(buildah("inspect", "--type", "image", image_of(base)))["OCIv1"]["config"]
    assert labels["Labels"].get(label) == (None if base == "ric-and-rie" else "Allow")
