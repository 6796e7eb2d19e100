"""The rules for images of customer-managed runtimes."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambda_ric.deploy.archive import open_archive
from lambda_ric.deploy.runtime_image import check_runtime_image
from tests.deploy.packing import PROGRAM, OciLayout, Put, Recipe, docker_archive
from tests.support.command import run_command, run_here

GOOD = {
    "var/runtime/bootstrap": PROGRAM,
    "var/task": Put(folder=True, mode=0o755),
    "usr/local/lib/python3.13/site-packages/lambda_ric/__init__.py": Put(),
}
SETTINGS = {"Entrypoint": ["/var/runtime/bootstrap"], "WorkingDir": "/var/task"}


def without(name: str) -> dict[str, Put]:
    return {path: put for path, put in GOOD.items() if name not in path}


def check(tmp_path: Path, files: dict[str, Put], **settings: object) -> list[tuple[str, str]]:
    recipe = Recipe([files], {**SETTINGS, **settings})
    with open_archive(docker_archive(tmp_path / "image.tar", recipe)) as archive:
        (report,) = check_runtime_image(archive)
    return [(finding.level.value, finding.problem) for finding in report.findings]


def test_a_good_image_has_no_findings(tmp_path: Path) -> None:
    assert check(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("files", "level", "words"),
    [
        (without("bootstrap"), "error", "no program /var/runtime/bootstrap"),
        ({**GOOD, "var/runtime/bootstrap": Put(b"", 0o644)}, "error", "cannot be run by Lambda"),
        (without("lambda_ric"), "warning", "neither lambda_ric nor awslambdaric"),
        ({**GOOD, "var/task/app.py": Put()}, "warning", "where the function's code will be"),
        ({**GOOD, "opt/python/a.py": Put()}, "warning", "where the layers will be"),
    ],
)
def test_what_keeps_an_image_from_being_a_runtime_is_found(
    files: dict[str, Put], level: str, words: str, tmp_path: Path
) -> None:
    ((found, problem),) = check(tmp_path, files)
    assert (found, words in problem) == (level, True)


def test_another_entry_point_is_a_warning(tmp_path: Path) -> None:
    ((level, problem),) = check(tmp_path, GOOD, Entrypoint=["/bin/sh"])
    assert level == "warning"
    assert "docker run starts something else" in problem


def test_the_command_prints_findings_and_exits_with_1(tmp_path: Path) -> None:
    good = docker_archive(tmp_path / "good.tar", Recipe([GOOD], dict(SETTINGS)))
    assert run_command("runtime", "check", good).returncode == 0
    bad = docker_archive(tmp_path / "bad.tar", Recipe([without("bootstrap")], dict(SETTINGS)))
    done = run_here("runtime", "check", bad)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "1 error, 0 warnings")
    missing = run_here("runtime", "check", tmp_path / "missing.tar")
    assert (missing.returncode, "no such file" in missing.stderr) == (2, True)


def recipe(architecture: str, files: dict[str, Put] | None = None) -> Recipe:
    return Recipe([files or GOOD], dict(SETTINGS), architecture)


def platform(architecture: str) -> dict[str, str]:
    return {"os": "linux", "architecture": architecture}


def index(tmp_path: Path, *recipes: Recipe, attested: bool = False, lost: bool = False) -> Path:
    """An image for several platforms, as docker buildx build --output type=oci writes it."""
    layout = OciLayout(tmp_path / "layout")
    manifests = [layout.manifest(each, platform=platform(each.architecture)) for each in recipes]
    if lost:
        digest = manifests[-1]["digest"].removeprefix("sha256:")
        (layout.root / "blobs/sha256" / digest).unlink()
    attestations = [layout.attestation()] if attested else []
    layout.close(layout.index([*manifests, *attestations]))
    return layout.tar(tmp_path / "index.tar")


def findings(path: Path) -> list[list[str]]:
    with open_archive(path) as archive:
        reports = check_runtime_image(archive)
    return [[f"{it.level.value}: {it.problem}" for it in report.findings] for report in reports]


def test_each_platform_of_an_index_is_examined(tmp_path: Path) -> None:
    bad = recipe("arm64", without("bootstrap"))
    assert findings(index(tmp_path, recipe("amd64"), bad)) == [
        [],
        ["error: the image has no program /var/runtime/bootstrap, which starts the runtime"],
    ]
    done = run_here("runtime", "check", tmp_path / "index.tar")
    assert done.returncode == 1
    assert [place for place in ("linux/amd64", "linux/arm64") if place not in done.stdout] == []


@pytest.mark.parametrize(
    ("second", "options", "expected"),
    [
        ("arm64", {"attested": True}, "warning: the index lists attestations"),
        ("arm64", {"lost": True}, "warning: not examined, because this archive does not hold them"),
        ("amd64", {}, "error: the index lists several images for linux/amd64"),
        ("s390x", {}, "error: the image is built for linux/s390x"),
    ],
)
def test_an_index_lists_one_image_for_each_platform_of_lambda(
    second: str, options: dict[str, bool], expected: str, tmp_path: Path
) -> None:
    first = recipe("amd64")
    other = recipe(second, {**GOOD, "other": Put()})
    found = [
        problem
        for report in findings(index(tmp_path, first, other, **options))
        for problem in report
    ]
    assert [problem.startswith(expected) for problem in found] == [True]


def test_a_layer_that_may_not_be_distributed_is_an_error(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "layout")
    foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    layout.close(layout.manifest(recipe("amd64"), foreign))
    ((problem,),) = findings(layout.root)
    assert problem.startswith(f"error: a layer is of type {foreign}")
