"""--extension and --extensions."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.command import running_command
from tests.support.paths import EMULATED_HANDLERS

SCRIPT = EMULATED_HANDLERS / "extension.py"
APP = "def handler(event, context):\n    return 'answered'\n"


def write_extension(directory: Path, name: str) -> None:
    directory.mkdir()
    program = directory / name
    program.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{SCRIPT}' {name}\n")
    program.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script is the extension")
def test_the_programs_of_a_directory_and_a_command_are_extensions(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    write_extension(tmp_path / "extensions", "listed")
    command = f"named={sys.executable} {SCRIPT} named"
    words = ("app.handler", "--port", "0", "--extensions", "extensions", "--extension", command)
    with running_command("run", *words, cwd=tmp_path) as served:
        assert served.invoke({}).payload == "answered"
        assert "listed registered 200" in served.log
        assert "EXTENSION\tName: named\tState: Ready\tEvents: [INVOKE, SHUTDOWN]" in served.log
