"""The code blocks of the documentation do what the text around them says."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from tests.conftest import Require
from tests.docs.blocks import Block, blocks_of, matches
from tests.docs.shell import Shell
from tests.support.paths import ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN_HERE = [
    "emulator",
    "extensions",
    "zip-functions",
    "streaming-and-async",
    "web-applications",
    "testing",
    "command-line",
    "durable-functions",
]
NOT_RUN = ("docker", "install")
UNTIL_SECONDS = 30.0
INSTRUCTIONS = {
    *("ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "FROM", "LABEL", "RUN", "USER", "WORKDIR"),
}

BLOCKS = [
    pytest.param(block, id=f"{path.name}:{block.line}")
    for path in DOCUMENTS
    for block in blocks_of(path)
]


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_valid_in_its_language(block: Block) -> None:
    match block.language:
        case "python":
            ast.parse(block.text)
        case "json":
            json.loads(block.text)
        case "yaml":
            list(yaml.safe_load_all(block.text))
        case "dockerfile":
            _check_dockerfile(block.text)
        case "bash" | "sh":
            _check_shell(block.text)
        case "console":
            assert block.text.startswith("$ ")
            for command, _ in block.commands:
                _check_shell(command)
        case "diff":
            assert all(line[:1] in "+- " for line in block.text.splitlines() if line)
        case language:
            assert language in ("text", ""), f"nobody checks {language}"
            if not language:
                assert "lambda_ric/" in block.text  # the folder tree in the architecture


def _check_dockerfile(text: str) -> None:
    lines = re.sub(r"\\\n", " ", text).splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    assert {first for first, *_ in words} <= INSTRUCTIONS
    for first, *rest in words:
        if first in ("ENTRYPOINT", "CMD"):
            assert json.loads(" ".join(rest))
    if ["ENTRYPOINT", '["python",', '"-m",', '"lambda_ric"]'] in words:
        redirected = any(word.endswith("_HANDLER=app.handler") for line in words for word in line)
        assert redirected or ["CMD", '["app.handler"]'] in words


def _check_shell(text: str) -> None:
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, timeout=30)
    assert done.stderr == ""


@pytest.fixture
def environment(tmp_path: Path, mypy_cache: Path) -> dict[str, str]:
    """What finds this Python and its packages, and this checkout as one of them."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, module in (("python", ""), ("lambda-ric", "-m lambda_ric")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {module} "$@"\n')
        program.chmod(0o755)
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
        "PYTHONPATH": str(ROOT),
        "MYPY_CACHE_DIR": str(mypy_cache / "pages"),
        "PYTEST_ADDOPTS": "-p lambda_ric.testing.pytest_plugin -p no:cacheprovider",
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder in which the reader of a page works."""
    here = tmp_path / "work"
    here.mkdir()
    return here


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN_HERE)
def test_a_page_can_be_followed(
    page: str, folder: Path, environment: dict[str, str], require: Require
) -> None:
    if page == "durable-functions" and sys.version_info < (3, 11):
        pytest.skip("AWS's SDK for durable functions needs Python 3.11")
    require(shutil.which("bash") and shutil.which("curl"), "the pages are for bash and curl")
    with Shell(folder, environment) as shell:
        _follow(ROOT / "docs" / f"{page}.md", folder, shell)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory, require: Require) -> Path:
    """The wheel of this checkout, where pip looks for packages."""
    require(find_spec("build"), "build is not installed")
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(directory)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=300)
    return directory


@pytest.mark.slow
def test_a_newcomer_gets_from_nothing_to_a_tested_streaming_handler(
    folder: Path, wheel: Path, require: Require
) -> None:
    require(shutil.which("bash") and shutil.which("curl"), "the pages are for bash and curl")
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment = {**kept, "PATH": programs, "PIP_FIND_LINKS": str(wheel)}
    with Shell(folder, environment) as shell:
        _follow(ROOT / "docs" / "getting-started.md", folder, shell)


def _follow(page: Path, folder: Path, shell: Shell) -> None:
    """Do what a page says, from its first block to its last."""
    for block in blocks_of(page):
        where = f"{page.name}:{block.line}"
        if block.title:
            file = folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
        elif block.comment == "serve":
            shell.serve(block.text)
        elif block.comment in NOT_RUN:
            continue
        elif block.language == "bash":
            code, printed = shell.run(block.text)
            assert code == 0, "\n".join([where, *printed])
        elif block.language == "console":
            for command, expected in block.commands:
                patience = UNTIL_SECONDS if block.comment == "until" else 0.0
                printed = _run_until(shell, command, expected, patience)
                assert matches(expected, printed), "\n".join([where, command, *printed])


def _run_until(shell: Shell, command: str, expected: list[str], patience: float) -> list[str]:
    """Run a command until it prints what is expected, once at least, and return its last lines."""
    end = time.monotonic() + patience
    while True:
        _, printed = shell.run(command)
        if matches(expected, printed) or time.monotonic() >= end:
            return printed
