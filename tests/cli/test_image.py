"""`lambda-ric image check` as a user types it, in a process of its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.deploy.packing import GOOD, PROGRAM, SETTINGS, OciLayout, Recipe, docker_archive
from tests.support.command import COMMAND, run_here
from tests.support.processes import environment


def image(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run_here("image", *arguments)


def test_a_good_image_is_described_and_passes(tmp_path: Path) -> None:
    done = image("check", docker_archive(tmp_path / "fn.tar", Recipe()), "--architecture", "x86_64")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("fn:v1: linux/amd64, 0 MB in 1 layer, runs [")
    assert done.stdout.endswith("0 errors, 0 warnings\n")


def test_errors_are_printed_with_their_fix(tmp_path: Path) -> None:
    layout = OciLayout(tmp_path / "oci")
    root = layout.close(layout.index([layout.manifest(Recipe()), layout.attestation()]))
    done = image("check", root)
    assert done.returncode == 1
    assert "error: the tag names an index with attestations" in done.stdout
    assert "fix: build with --provenance=false" in done.stdout


def test_warnings_pass_unless_strict(tmp_path: Path) -> None:
    relative = {**SETTINGS, "Entrypoint": ["bin/start", "lambda_ric"]}
    layers = [{**GOOD, "function/bin/start": PROGRAM}]
    path = docker_archive(tmp_path / "fn.tar", Recipe(layers, relative))
    assert image("check", path).returncode == 0
    assert image("check", path, "--strict").returncode == 1


def test_an_archive_can_come_from_standard_input(tmp_path: Path) -> None:
    archive = docker_archive(tmp_path / "fn.tar", Recipe()).read_bytes()
    command = [*COMMAND, "image", "check", "-"]
    done = subprocess.run(
        command, input=archive, env=environment(), capture_output=True, timeout=60
    )
    assert done.stdout.endswith(b"0 errors, 0 warnings\n")
    junk = subprocess.run(
        command, input=b"junk", env=environment(), capture_output=True, timeout=60
    )
    assert junk.returncode == 2
    assert junk.stderr.count(b"\n") == 1


def test_the_functions_own_command_replaces_cmd(tmp_path: Path) -> None:
    path = docker_archive(tmp_path / "fn.tar", Recipe(settings={**SETTINGS, "Cmd": None}))
    assert image("check", path).returncode == 1
    assert image("check", path, "--handler", "app.handler").returncode == 0


def test_wrong_usage_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    two = docker_archive(tmp_path / "two.tar", Recipe(), "a:1", "b:1")
    junk = tmp_path / "junk.tar"
    junk.write_bytes(bytes(range(256)) * 8)
    for arguments in (
        ("check", tmp_path / "absent.tar"),
        ("check", tmp_path),
        ("check", junk),
        ("check", two),
        ("check", two, "--architecture", "mips"),
        ("check",),
        (),
    ):
        done = image(*arguments)
        assert done.returncode == 2
        assert done.stdout == ""
        assert len(done.stderr.splitlines()) == 1, done.stderr
