"""The rules for images of customer-managed runtimes."""

from __future__ import annotations

from pathlib import Path

import pytest

from lambda_ric.deploy.archive import open_archive
from lambda_ric.deploy.runtime_image import check_runtime_image
from tests.deploy.packing import PROGRAM, Put, Recipe, docker_archive
from tests.support.command import run_command

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
    done = run_command("runtime", "check", bad)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (1, "1 error, 0 warnings")
    missing = run_command("runtime", "check", tmp_path / "missing.tar")
    assert (missing.returncode, "no such file" in missing.stderr) == (2, True)
